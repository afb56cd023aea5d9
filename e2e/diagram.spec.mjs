// What one can do with the diagram itself: turn it, zoom it, ask what led to an event, follow a message, and
// read it with many participants.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const tool = (page, name) => page.locator(".figure-bar").getByRole("button", { name, exact: true });
const canvas = (page) => page.locator(".canvas");
const drawing = (page) => page.locator(".sheet > svg");
const event = (page, moment) => page.locator(`#diagram-event-${moment}`);

/** Presses Step so many times; the first press begins the transfer. */
async function steps(page, count) {
  await page.getByRole("button", { name: "Begin the transfer" }).click();
  for (let i = 1; i < count; i++) await page.keyboard.press("n");
  await expect(event(page, count)).toBeAttached();
}

/** The keyboard is at an event. */
const focused = (page, moment) =>
  expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe(`diagram-event-${moment}`);

/** The middle of an element. */
async function middle(locator) {
  const box = await locator.boundingBox();
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
}

/** Whether the page itself can be scrolled sideways. */
const pageIsTooWide = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);

test("what is selected is marked on its card, in the history and in the log, until Escape", async ({ page }) => {
  await openApp(page);
  await steps(page, 5);
  await event(page, 2).click();
  await expect(page.locator(".cards .node.selected .name")).toHaveText("P1");
  const [bead, mark] = [page.locator(".bead").nth(2), page.locator(".picked")];
  expect(await mark.getAttribute("cx")).toBe(await bead.getAttribute("cx"));
  await page.keyboard.press("Escape");
  await expect(mark).toHaveCount(0);
  await expect(page.locator(".cards .node.selected")).toHaveCount(0);
});

test("what is selected in flight is marked in the list of choices, and so are the choices of a selected node", async ({ page }) => {
  await openApp(page, "?nodemo");
  await steps(page, 1);
  const marked = page.locator(".choice.marked");
  await page.locator(".pill > span").first().click();
  await expect(marked).toHaveCount(1);
  await expect(marked).toContainText("prepare");
  await page.keyboard.press("Escape");
  await expect(marked).toHaveCount(0);
  await page.locator(".cards .node .name").first().click();
  await expect(marked.first()).toContainText("P1");
});

test("time runs down, and to the right when asked, and stays so", async ({ page }) => {
  await openApp(page);
  await steps(page, 4);
  const [a, b] = [await middle(event(page, 2)), await middle(event(page, 3))];
  expect(b.y).toBeGreaterThan(a.y);

  await tool(page, "Time runs to the right").click();
  await expect(tool(page, "Time runs to the right")).toHaveAttribute("aria-pressed", "true");
  const [c, d] = [await middle(event(page, 2)), await middle(event(page, 3))];
  expect(d.x).toBeGreaterThan(c.x);
  // Each card is the head of its row.
  for (const name of ["P1", "C", "P2"]) {
    const card = page.locator(".node", { has: page.getByRole("heading", { name, exact: true }) });
    expect((await middle(card)).x).toBeLessThan(c.x);
  }
  const card = page.locator(".node", { has: page.getByRole("heading", { name: "P1", exact: true }) });
  expect(Math.abs((await middle(card)).y - c.y)).toBeLessThan(6);
  // What is in flight stands on its row, and can be pressed.
  await page.locator(".pill button").first().click();
  await expect(event(page, 5)).toBeAttached();
  await checkAxe(page);

  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  await expect(canvas(page)).toHaveClass(/rightward/);
  await page.keyboard.press("r");
  await expect(canvas(page)).not.toHaveClass(/rightward/);
});

test("the drawing grows and shrinks, and its buttons with it", async ({ page }) => {
  await openApp(page);
  await steps(page, 3);
  const width = async () => (await drawing(page).boundingBox()).width;
  const own = await width();
  await page.keyboard.press("+");
  await expect.poll(width).toBeCloseTo(own * 1.25, -1);
  const [line, pill] = [page.locator(".nowline"), page.locator(".pill").first()];
  expect(Math.abs((await middle(line)).y - (await middle(pill)).y), "a pill lies on the line").toBeLessThan(3);
  expect(await pageIsTooWide(page)).toBe(false);
  await page.keyboard.press("-");
  await page.keyboard.press("-");
  await expect.poll(width).toBeCloseTo(own * 0.8, -1);

  // The wheel with Ctrl zooms around the pointer; without, it scrolls.
  const box = await canvas(page).boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const before = await width();
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -100);
  await page.keyboard.up("Control");
  await expect.poll(width).toBeGreaterThan(before * 1.1);

  await tool(page, "Fit the whole run").click();
  await expect
    .poll(() => canvas(page).evaluate((c) => c.scrollWidth <= c.clientWidth + 1 && c.scrollHeight <= c.clientHeight + 40))
    .toBe(true);
  await page.keyboard.press("0");
  await expect.poll(width).toBeCloseTo(own, -1);
});

test("what did not lead to an event steps back", async ({ page }) => {
  await openApp(page);
  await steps(page, 4);
  await event(page, 3).click();
  await expect(page.locator(".causes")).toHaveCount(0);
  await page.keyboard.press("h");
  await expect(tool(page, "Show only what led here")).toHaveAttribute("aria-pressed", "true");
  // P2's promise came after the request, and after nothing that P1 did.
  await expect(page.locator(".told")).toHaveText("2 of 4 events");
  await expect(page.locator(".causes")).toContainText("prepare");
  const opacity = (selector) => page.locator(selector).first().evaluate((e) => Number(getComputedStyle(e).opacity));
  expect(await opacity(".drawn.words")).toBeLessThan(0.5);
  expect(await opacity(".causes")).toBe(1);
  // The pointer asks about something else.
  await event(page, 4).hover();
  await expect(page.locator(".told")).toHaveText("3 of 4 events");
  await checkAxe(page);
  await page.keyboard.press("h");
  await expect(page.locator(".causes")).toHaveCount(0);
});

test("a message leads to its other end and back", async ({ page }) => {
  await openApp(page);
  await steps(page, 4);
  await event(page, 2).focus();
  // Selects, then follows: P1 took the request that C sent at moment 1.
  await page.keyboard.press("Enter");
  await expect(page.locator(".halo-ring")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await focused(page, 1);
  // Once more: the other message of moment 2, its vote, which arrived at moment 4.
  await page.keyboard.press(".");
  await focused(page, 4);
  await page.keyboard.press(".");
  await focused(page, 2);
  await tool(page, "Go to the other end of the message").click();
  await expect(page.locator(".log-line.selected")).toHaveCount(0);
  const ring = await middle(page.locator(".halo-ring"));
  expect(Math.abs(ring.y - (await middle(event(page, 1))).y)).toBeLessThan(2);
});

test("the arrow keys go from event to event, and with Ctrl along a lifeline", async ({ page }) => {
  await openApp(page);
  await steps(page, 4);
  for (const turn of [false, true]) {
    if (turn) await page.keyboard.press("r");
    await event(page, 4).focus();
    await page.keyboard.press("ArrowUp");
    await focused(page, 3);
    await page.keyboard.press("ArrowDown");
    await focused(page, 4);
    // Moments 1 and 4 are C's.
    await page.keyboard.press("Control+ArrowUp");
    await focused(page, 1);
  }
});

for (const [name, count] of [["five", 5], ["eight", 8]]) {
  test(`${name} participants scroll in the diagram's own box, and no card cuts a word`, async ({ page }) => {
    await openApp(page);
    await page.keyboard.press(",");
    for (let n = 2; n < count; n++) await page.getByRole("button", { name: "More: Participants" }).click();
    await page.keyboard.press("Escape");
    await steps(page, 4);
    expect(await pageIsTooWide(page)).toBe(false);
    await expect(page.locator(".frame")).toHaveClass(/more-right/);
    const cut = await page.locator(".cards .badge .words, .cards .badge .short").evaluateAll((all) =>
      all.filter((e) => e.clientWidth > 0 && e.scrollWidth > e.clientWidth + 1).map((e) => e.textContent),
    );
    expect(cut, "words that are cut").toEqual([]);
    // Heads go along sideways and stay in sight.
    await canvas(page).evaluate((c) => c.scrollTo(c.scrollWidth, c.scrollHeight));
    await expect(page.locator(".frame")).toHaveClass(/more-left/);
    const card = page.locator(".node", { has: page.getByRole("heading", { name: `P${count}`, exact: true }) });
    await expect(card).toBeInViewport();
  });
}

test("however far one scrolls, one event is reached with Tab; and turned to the right, the present is in sight", async ({ page }) => {
  await page.setViewportSize({ width: 768, height: 1024 });
  await openApp(page, "?nodemo");
  for (let i = 0; i < 9; i++) await page.keyboard.press("n");
  for (let i = 0; i < 40; i++) await page.keyboard.press("1");
  const reached = page.locator('.event[tabindex="0"]');
  await expect(reached).toHaveCount(1);
  await page.locator(".canvas").first().evaluate((box) => { box.scrollTop = 0; });
  await expect(event(page, 1)).toBeVisible();
  await expect(reached).toHaveCount(1);
  await page.keyboard.press("r");
  await expect(page.locator(".nowtab").first()).toBeInViewport();
});

test("on a phone, what is touched is told in a sheet, until it is closed", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page, "?nodemo");
  await steps(page, 3);
  await event(page, 2).click();
  const sheet = page.locator(".on-peek .drawer");
  await expect(sheet).toContainText("Moment 2");
  await checkAxe(page);
  await sheet.getByRole("button", { name: "Close" }).first().click();
  await expect(sheet).toHaveCount(0);
});
