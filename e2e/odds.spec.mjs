// How reliable: the formula beside what is counted, and the run behind a number.

import { checkAxe, expect, openApp, test } from "./app.mjs";

/** Opens a script as a reader does. */
async function openScript(page, ...lines) {
  await page.keyboard.press("s");
  await page.locator("#share-open").fill(lines.join("\n"));
  await page.locator("#share-open + .btn").click();
  await expect(page.locator("dialog")).toHaveCount(0);
}

/** All runs are counted. */
const counted = (page) =>
  expect(page.locator(".odds [role=status]")).toHaveText("10,000 runs counted", { timeout: 40_000 });

/** The number in the row of one kind, with one try or with several. */
const cell = (page, row, column) => page.locator(".odds tr", { hasText: row }).locator("td").nth(column);

test("a request sent again is answered more often, and charged twice, and that run opens", async ({ page }) => {
  await openApp(page);
  await openScript(page, "world resend strategy=nothing", "do K send");
  await page.locator("#odds").click();
  await expect(page.getByRole("heading", { name: "How reliable?" })).toBeFocused();
  await counted(page);
  await expect(page.locator(".odds-bar .formula")).toHaveText(["P = 0.9 = 0.900", "P = 1 − (1 − 0.9)² = 0.990"]);
  await expect(page.locator(".odds-bar .holds")).toHaveCount(2);
  await expect(cell(page, "Happened twice", 0)).toHaveText("0");
  await checkAxe(page);
  await cell(page, "Happened twice", 1).getByRole("button").click();
  await expect(page.locator(".odds")).toHaveCount(0);
  await expect(page.locator("h1.say")).toHaveText("What K asked for once happened 2 times.");
  await page.locator("#odds").click();
  await page.getByLabel("Strategy").selectOption("unique insert, act, reply in one step");
  await counted(page);
  await expect(cell(page, "Happened twice", 1)).toHaveText("0");
});

test("three participants, found by name: once 0.729, and 0.970 with a second try; counting stops and goes on", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("reliable");
  await expect(page.locator("#palette-list li")).toHaveCount(1);
  await page.keyboard.press("Enter");
  await page.getByRole("radiogroup", { name: "Participants" }).getByRole("radio", { name: "3" }).check({ force: true });
  await page.locator("#odds-go").click();
  await expect(page.locator(".odds [role=status]")).toContainText("Stopped at");
  await page.getByRole("button", { name: "Go on" }).click();
  await counted(page);
  await expect(page.locator(".odds-bar .formula")).toHaveText(["P = 0.9³ = 0.729", "P = (1 − (1 − 0.9)²)³ = 0.970"]);
  await expect(page.locator(".odds-bar .holds")).toHaveCount(2);
  const before = await cell(page, "Committed", 0).textContent();
  await page.getByLabel("Seed", { exact: true }).fill("2");
  await counted(page);
  expect(await cell(page, "Committed", 0).textContent()).not.toBe(before);
  await page.getByLabel("Seed", { exact: true }).fill("1");
  await counted(page);
  expect(await cell(page, "Committed", 0).textContent()).toBe(before);
  await checkAxe(page);
  await cell(page, "Aborted", 1).getByRole("button").click();
  await expect(page.locator(".node", { hasText: "P3" })).toBeVisible();
});
