// What a person does with time: play, stop, pin, branch off, take a branch away, compare, do things by name.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const moment = (page) => page.locator(".transport .place");
const toast = (page) => page.locator(".notice.info");
const list = (page) => page.locator(".branches");

async function steps(page, n) {
  for (let i = 1; i <= n; i += 1) {
    await page.keyboard.press("n");
    await expect(moment(page)).toHaveText(new RegExp(`moment ${i} of `));
  }
}

test("play stops by itself where somebody becomes blocked, and again when nothing is left to happen", async ({ page }) => {
  await openApp(page, "?nodemo");
  await steps(page, 4);
  // Down before it decides: P1 and P2 are in doubt and blocked at once.
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.locator(".tool", { hasText: "Crash" }).click();
  await page.locator(".where-to .mini", { hasText: /^C$/ }).click();
  await page.locator(".scissors").getByRole("button", { name: /Crash C now/ }).click();
  await page.getByRole("button", { name: "How to play..." }).click();
  await page.getByLabel("Rounds: what is sent in one arrives in the next").check();
  await page.getByLabel("Speed").fill("10");
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect(toast(page)).toContainText("Stopped: P2 is blocked");
  await page.keyboard.press("Space");
  await expect(toast(page)).toContainText("nothing is left to happen");
});

test("chance shows its seed, and the same seed at the same moment gives the same run", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.getByRole("button", { name: "How to play..." }).click();
  await page.getByLabel("Chance, from a seed").check();
  await page.getByLabel("Seed", { exact: true }).fill("7");
  await page.getByLabel("How rough").selectOption("everything");
  await page.getByLabel("Speed").fill("10");
  await page.keyboard.press("Escape");
  const run = async () => {
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect(toast(page)).toContainText("Stopped");
    await page.waitForTimeout(500);
    // It can be had again: seed and beginning stay in sight when play is over.
    await expect(page.locator(".transport .seed")).toContainText("Chance from moment 0: seed 7, everything");
    return page.url();
  };
  const first = await run();
  await openApp(page, "?nodemo");
  await page.getByRole("button", { name: "How to play..." }).click();
  await page.getByLabel("Chance, from a seed").check();
  await page.getByLabel("Seed", { exact: true }).fill("7");
  await page.getByLabel("How rough").selectOption("everything");
  await page.keyboard.press("Escape");
  expect(await run()).toBe(first);
});

test("while a run plays, only decisions, crashes and violations are said aloud", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.evaluate(() => {
    window.said = [];
    const spoken = document.getElementById("spoken");
    new MutationObserver(() => window.said.push(spoken.textContent)).observe(spoken, { childList: true, characterData: true, subtree: true });
  });
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause playing" })).toBeVisible();
  await expect(page.locator("h1.say")).toContainText("All have committed", { timeout: 30_000 });
  const said = await page.evaluate(() => window.said);
  expect(said.length).toBeGreaterThan(0);
  // The last may be that playing has ended.
  expect(said.slice(0, -1).filter((text) => !text.includes("commit"))).toEqual([]);
});

test("playing can be stopped at any step, and slowed down by a key", async ({ page }) => {
  await openApp(page, "?nodemo");
  const pace = page.locator(".transport .pace");
  await page.keyboard.press("n");
  await expect(pace).toHaveText("4 steps a second");
  await page.keyboard.press("Backspace");
  for (let i = 0; i < 9; i += 1) await page.keyboard.press("[");
  await expect(pace).toHaveText("0.5 steps a second");
  await page.keyboard.press("Space");
  await expect(page.getByRole("button", { name: "Pause playing" })).toBeVisible();
  await expect(moment(page)).toHaveText(/moment 1 of 1/, { timeout: 10_000 });
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
  await page.waitForTimeout(2500);
  await expect(moment(page)).toHaveText(/moment 1 of 1/);
});

test("a branch is announced, can be compared, taken away and brought back; a pin keeps its name in the address", async ({ page }) => {
  await openApp(page, "?nodemo");
  await steps(page, 6);
  await page.keyboard.press("p");
  await page.locator(".pin-name").fill("C has decided");
  await page.keyboard.press("Enter");
  await page.locator(".branches .to").first().focus();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await page.locator(".next .opt", { hasText: "Let C’s vote timer fire" }).click();
  await expect(toast(page)).toContainText("Branch 2 begins here");
  await expect(list(page).locator(".to").first()).toContainText("1");

  await page.getByRole("button", { name: "Compare with branch 1" }).click();
  const compare = page.getByRole("region", { name: "Two moments side by side" });
  await expect(compare).toContainText("They share the first 4 steps");
  await expect(compare.locator("svg[role~=graphics-document]")).toHaveCount(2);
  // What they share is pale, and both open where they part.
  await expect(compare.locator(".parting")).toHaveCount(2);
  for (const line of await compare.locator(".parting").all()) await expect(line).toBeInViewport();
  await expect(compare.locator(".compare-table .differs").first()).toBeVisible();
  await checkAxe(page);
  await page.keyboard.press("Escape");
  await expect(compare).toHaveCount(0);

  await page.getByRole("button", { name: "Take branch 2 away" }).click();
  await expect(toast(page)).toContainText("Branch 2 is taken away");
  await expect(page.getByRole("button", { name: "Compare with branch 1" })).toHaveCount(0);
  await toast(page).getByRole("button", { name: "Bring it back" }).click();
  await expect(page.getByRole("button", { name: "Compare with branch 1" })).toBeVisible();
  await page.getByRole("button", { name: "Take branch 2 away" }).click();
  await expect(page.getByRole("button", { name: "Compare with branch 1" })).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "Compare with branch 1" }), "undone").toBeVisible();

  await page.waitForTimeout(500);
  const hash = new URL(page.url()).hash;
  await openApp(page, `?nodemo${hash}`);
  await expect(page.locator(".pin-name")).toHaveValue("C has decided");
  await checkAxe(page);
});

for (const [wide, high] of [[1440, 900], [1100, 800], [768, 1024], [390, 844]]) {
  test(`a notice covers nothing of the present, ${wide} wide`, async ({ page }) => {
    await page.setViewportSize({ width: wide, height: high });
    await openApp(page, "?nodemo");
    await steps(page, 6);
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("2");
    await expect(toast(page)).toContainText("Branch 2 begins here");
    const told = await toast(page).boundingBox();
    const figure = page.locator(".fig");
    const present = [figure.locator(".nowtab"), ...(await figure.locator(".pill").all())];
    expect(present.length).toBeGreaterThan(2);
    for (const part of present) {
      const box = await part.boundingBox();
      expect(box.y + box.height, "above the notice").toBeLessThanOrEqual(told.y);
      await expect(part).toBeInViewport({ ratio: 1 });
    }
    await toast(page).getByRole("button", { name: "Dismiss" }).click();
    await expect(toast(page)).toHaveCount(0);
  });
}

test("anything can be done by name, and a fault goes where it is put", async ({ page }) => {
  await openApp(page, "?nodemo");
  await steps(page, 1);
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog", { name: "Do anything by name" });
  await palette.getByRole("combobox").fill("lose prep P2");
  await expect(palette.getByRole("option").first()).toContainText("Lose prepare from C to P2");
  for (const [typed, found] of [["dark", "Theme: dark"], ["chin", "Language: 中文"], ["fit", "Fit the whole run"], ["help", "Help and keys"]]) {
    await palette.getByRole("combobox").fill(typed);
    await expect(palette.getByRole("option", { name: found }).first()).toBeVisible();
  }
  await palette.getByRole("combobox").fill("lose prep P2");
  await checkAxe(page);
  await page.keyboard.press("Enter");
  await expect(palette).toHaveCount(0);
  await expect(moment(page)).toHaveText(/moment 2 of 2/);

  // With a fault in hand, a message in the diagram is where it goes.
  await page.locator(".tool", { hasText: "Copy" }).click();
  await expect(page.locator(".where-to")).toContainText("Which message is copied?");
  await checkAxe(page);
  await page.locator(".where-to .mini", { hasText: "prepare C→P1" }).click();
  await expect(page.locator(".pill")).toHaveCount(2);

  // F asks what can go wrong; X crashes what is selected.
  await page.keyboard.press("f");
  await expect(page.getByRole("dialog", { name: /What can go wrong/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("x");
  await page.getByRole("dialog", { name: /What can go wrong/ }).getByRole("combobox").fill("P1");
  await page.keyboard.press("Enter");
  await expect(page.locator(".node", { has: page.getByRole("heading", { name: "P1", exact: true }) })).toContainText("Down");
});

test("on a phone the nodes come first under their name, and the history begins below its tab", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page, "?nodemo");
  await steps(page, 2);
  const tabs = page.locator(".phone-tabs");
  await tabs.getByRole("button", { name: "Nodes" }).click();
  const [nodes, step] = [page.locator(".states > section.state").first(), page.locator(".states .inspect")];
  expect((await nodes.boundingBox()).y).toBeLessThan((await step.boundingBox()).y);
  await tabs.getByRole("button", { name: "History" }).click();
  const [head, past] = [await tabs.boundingBox(), await page.locator(".past").boundingBox()];
  expect(past.y - (head.y + head.height)).toBeLessThan(48);
});

test("on a phone one can play and walk through the history", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page, "?nodemo");
  await page.locator(".bottom").getByRole("button", { name: "Play" }).click();
  await expect(toast(page)).toContainText("nothing is left to happen", { timeout: 20_000 });
  await page.locator(".phone-tabs").getByRole("button", { name: "History" }).click();
  await page.getByRole("slider", { name: /moment/i }).fill("2");
  await expect(moment(page)).toHaveText(/moment 2 of/);
  await checkAxe(page);
});

test("who chooses with the keyboard stays among the choices", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.locator(".go-big").focus();
  for (let i = 1; i <= 3; i++) {
    await page.keyboard.press("Enter");
    await expect(moment(page)).toHaveText(`moment ${i} of ${i}`);
    await expect.poll(() => page.evaluate(() => document.activeElement?.closest(".moves") !== null)).toBe(true);
  }
});

test("a run that is opened is played as it went, and no branch is begun", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.locator(".tale").first().click();
  await expect(moment(page)).toHaveText("moment 8 of 8");
  await page.keyboard.press("Home");
  for (let i = 0; i < 5; i++) await page.keyboard.press("]");
  await page.keyboard.press("Space");
  await expect(toast(page)).toContainText("Stopped: P2 is blocked");
  await expect(page.locator(".branches li")).toHaveCount(1);
});

test("who chooses, when to stop, and the text view survive a reload", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.keyboard.press("n");
  await page.getByRole("button", { name: "How to play..." }).click();
  await page.getByLabel("Chance, from a seed").check();
  await page.getByLabel("Seed", { exact: true }).fill("18446744073709551615");
  await page.getByLabel("somebody is blocked").uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("t");
  await expect(page.locator(".text-view")).toBeVisible();
  await openApp(page, "?nodemo");
  await page.keyboard.press("n");
  await expect(page.locator(".text-view")).toBeVisible();
  await page.getByRole("button", { name: "How to play..." }).click();
  await expect(page.getByLabel("Seed", { exact: true })).toHaveValue("18446744073709551615");
  await expect(page.getByLabel("somebody is blocked")).not.toBeChecked();
});

test("letters mean the same with Caps Lock, and the panels and keys are found by name", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.keyboard.press("N");
  await expect(moment(page)).toHaveText("moment 1 of 1");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("show log");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tab", { name: "Log" })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("single");
  await page.keyboard.press("Enter");
  await page.keyboard.press("n");
  await expect(moment(page)).toHaveText("moment 1 of 1");
});
