// The last runs outlast the page: they can be gone on with, opened, deleted; what is damaged is said.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const runs = (page) => page.evaluate(() => JSON.parse(localStorage.getItem("indoubt.runs")) ?? []);

/** Takes some steps and waits until the run is kept. */
async function walk(page, keys) {
  const before = page.url();
  for (const key of keys) await page.keyboard.press(key);
  await expect(async () => expect(page.url()).not.toBe(before)).toPass();
  await page.waitForTimeout(400);
}

test("the run is there again after a reload, and offered on the bare page", async ({ page }) => {
  await openApp(page);
  await expect(page.getByText("Go on where you were")).toHaveCount(0);
  await walk(page, ["n", "n", "n", "n"]);
  const said = await page.locator("h1.say").textContent();
  await page.reload();
  await expect(page.locator("h1.say")).toHaveText(said);
  await openApp(page);
  const offer = page.getByRole("region", { name: "Go on where you were" });
  await expect(offer).toContainText("4 steps");
  await checkAxe(page);
  await offer.getByRole("button").first().click();
  await expect(page.locator("h1.say")).toHaveText(said);
  await walk(page, ["n"]);
  expect(await runs(page)).toHaveLength(1);
});

test("runs are listed newest first, opened and deleted", async ({ page }) => {
  await openApp(page);
  await walk(page, ["n", "n", "n"]);
  await openApp(page);
  await page.getByRole("button", { name: /One forced write is left out/ }).click();
  await page.waitForTimeout(600);
  expect(await runs(page)).toHaveLength(2);
  await page.keyboard.press("s");
  const list = page.getByRole("dialog").locator(".recent li");
  await expect(list).toHaveCount(2);
  await expect(list.first()).toContainText("7 steps");
  await checkAxe(page);
  await list.first().getByRole("button", { name: /Delete from the list/ }).click();
  await expect(list).toHaveCount(1);
  await list.first().getByRole("button").first().click();
  await expect(page.locator(".where")).toContainText("Moment 3");
});

test("what is damaged is said and left out, the rest stays", async ({ page }) => {
  await openApp(page);
  await walk(page, ["n", "n"]);
  await page.evaluate(() => {
    const all = JSON.parse(localStorage.getItem("indoubt.runs"));
    all.push(["5", "en", "An old one.", "2pc/v99/AAAA"], { not: "ours" });
    localStorage.setItem("indoubt.runs", JSON.stringify(all));
  });
  await openApp(page);
  await expect(page.getByRole("alert")).toContainText("2 kept runs could not be read");
  await expect(page.getByRole("region", { name: "Go on where you were" })).toContainText("2 steps");
  expect(await runs(page)).toHaveLength(1);
});

test("everything that is stored can be cleared", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await walk(page, ["n"]);
  await page.keyboard.press(",");
  await page.getByRole("button", { name: "Clear everything stored" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([]);
});
