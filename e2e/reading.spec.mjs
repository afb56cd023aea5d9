// Reading a run: one step under the glass, the run as text, state machines, the log as a ruler.

import { checkAxe, expect, openApp, test } from "./app.mjs";

// C dies after it forced commit and told P1: tests/traces/2pc/s08-half-told.txt up to that step.
const tab = (page, name) => page.getByRole("tab", { name });
const inspector = (page) => page.locator(".inspect");
const field = (page, group, name) =>
  page.locator(".diff.both tbody", { has: page.getByRole("rowheader", { name: group, exact: true }) })
    .getByRole("row", { name: new RegExp(`^${name}`) });

/** Until C has died in the middle of its fifth step. */
async function dieHalfWay(page) {
  await openApp(page);
  await page.getByRole("button", { name: "Begin the transfer" }).click();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await page.getByRole("button", { name: /^Deliver yes from P2 to C: in the middle of this step/ }).click();
  const panel = page.getByRole("region", { name: "Crash C in the middle of a step" });
  await panel.getByRole("radio", { name: /P2 is blocked/ }).check();
  await panel.getByRole("button", { name: "Crash C here" }).click();
  await page.keyboard.press("n");
}

test("an event that is selected shows what it did, what it changed, and what never happened", async ({ page }) => {
  await dieHalfWay(page);
  await page.locator("#diagram-event-5").click({ force: true });
  await expect(inspector(page)).toContainText("Moment 5");
  await expect(inspector(page)).toContainText("cut short");
  const deeds = inspector(page).locator(".deeds > li");
  await expect(deeds.nth(1)).toHaveText(/forces commit \(P1 P2\)\s*durable/);
  await expect(deeds.filter({ hasText: "C crashes here" })).toHaveCount(1);
  await expect(inspector(page).locator(".deed.never").first()).toHaveText(/sends commit to P2\s*never happened/);
  await expect(field(page, "C", "runs").locator("del")).toHaveText("up");
  await expect(field(page, "C", "runs").locator("ins")).toHaveText("down");
  await expect(field(page, "P2", "blocked").locator("ins")).toHaveText("yes");
  await expect(page.locator(".diff.both").getByRole("rowheader", { name: "P1", exact: true })).toHaveCount(0);
  await expect(inspector(page)).toContainText("Possible because yes from P2 was on its way to C.");
  await expect(inspector(page).locator(".script-line code")).toHaveText("deliver P2>C yes torn=2");
  await inspector(page).getByText("Everything, as JSON").click();
  await expect(inspector(page).locator(".raw-json")).toContainText('"torn"');
  await checkAxe(page);
  // The next step is what one reads about then.
  await page.keyboard.press("n");
  await expect(inspector(page)).toContainText("Moment 7");
});

test("the text has the sentences of the diagram, and what began and ended", async ({ page }) => {
  await dieHalfWay(page);
  await tab(page, "Log").click();
  const log = await page.locator(".drawer .log-line > span:last-child").allTextContents();
  await page.keyboard.press("t");
  const rows = page.locator(".text-view .row-of-run");
  await expect(rows).toHaveCount(6);
  expect(await page.locator(".text-view .log-line > span:last-child").allTextContents()).toEqual(log);
  await expect(rows.nth(4).locator(".turns")).toHaveText("P2 blocked from here");
  await expect(rows.nth(5).locator(".turns")).toContainText("P1 no longer in doubt");
  await expect(rows.nth(4).locator(".deeds-inline .never").first()).toContainText("sends commit to P2");
  await checkAxe(page);
  // The arrow keys go from row to row, and Enter selects.
  await rows.nth(5).locator(".log-line").focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Enter");
  await expect(rows.nth(4).locator(".log-line")).toHaveAttribute("aria-pressed", "true");
  await expect(inspector(page)).toContainText("Moment 5");
  await page.keyboard.press("t");
  await expect(page.locator("#diagram-event-5")).toBeVisible();
});

test("paper gets the setup, the sentences, the verdicts and the cost, and no controls", async ({ page }) => {
  await dieHalfWay(page);
  await page.keyboard.press("t");
  await page.emulateMedia({ media: "print" });
  const text = page.locator(".text-view");
  await expect(text.getByRole("heading", { name: "Two-phase commit" })).toBeVisible();
  await expect(text.getByText("2 participants")).toBeVisible();
  await expect(text.getByText("P2 is blocked", { exact: true })).toBeVisible();
  await expect(text.getByText("forced writes", { exact: true })).toBeVisible();
  for (const control of [".moves", ".drawer", ".past", ".figure-bar"]) {
    await expect(page.locator(control).first()).toBeHidden();
  }
});

test("paper is white and gets the text, whatever the screen shows", async ({ page }) => {
  await page.emulateMedia({ colorScheme: "dark" });
  await dieHalfWay(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(page.locator(".frame")).toBeVisible();
  // As the browser does before it prints.
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  await page.emulateMedia({ media: "print", colorScheme: "dark" });
  await expect(page.locator(".text-view")).toBeVisible();
  await expect(page.locator(".frame")).toHaveCount(0);
  const light = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  expect(light.match(/\d+/g).map(Number).every((n) => n > 220), light).toBe(true);
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen", colorScheme: "dark" });
  await expect(page.locator(".frame")).toBeVisible();
});

test("the states that break the conditions for not blocking are marked, with a sentence each", async ({ page }) => {
  await dieHalfWay(page);
  await tab(page, "State").click();
  await page.locator("summary", { hasText: "State machine" }).click();
  const machines = page.locator(".machine");
  await expect(machines).toHaveCount(2, { timeout: 20_000 });
  for (const [i, state] of ["Collecting votes", "In doubt"].entries()) {
    await expect(machines.nth(i).locator(".machine-state.breaks")).toHaveCount(1);
    await expect(machines.nth(i).locator(".machine-state.breaks")).toContainText(state);
    await expect(machines.nth(i).locator(".breaks > li")).toHaveCount(2);
  }
  await expect(machines.nth(1).locator(".machine-state.lit.doubt .machine-node")).toHaveText("P2");
  await machines.nth(1).getByText("Transitions as a list").click();
  await expect(machines.nth(1).locator(".edges li").filter({ hasText: "In doubt → Committed when commit arrives" })).toHaveCount(1);
  await checkAxe(page);
});

test("the ruler says what is on disk and what recovery would do", async ({ page }) => {
  await dieHalfWay(page);
  await page.locator(".node").getByRole("button", { name: "C", exact: true }).click();
  const ruler = page.locator(".log-ruler");
  await expect(ruler).toHaveCount(1);
  await expect(ruler).toContainText("On disk up to 1: the recovery point.");
  await expect(ruler.locator(".fates")).toContainText("redo");
  await expect(ruler.locator(".fates")).toContainText("sends commit to P1 and P2");
  await page.locator(".picker").getByRole("button", { name: "P2" }).click();
  await expect(ruler.locator(".fates")).toContainText("takes its lock on B again");
  await checkAxe(page);
});

test("a violated property says since when, and leads there", async ({ page }) => {
  await dieHalfWay(page);
  const law = page.locator(".law", { hasText: "P2 is blocked" });
  await law.getByRole("button", { name: "Since moment 5." }).click();
  await expect(page.locator(".where")).toContainText("Moment 5");
});
