// Three hints for the first visit: each goes when the reader has done it, and they never come back uncalled.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const hint = (page) => page.getByRole("complementary", { name: /^Hint/ });

test("hints follow what the reader does, and are over for good", async ({ page }) => {
  await openApp(page);
  await expect(hint(page)).toContainText("Each press lets one thing happen");
  await checkAxe(page);
  await page.keyboard.press("n");
  await expect(hint(page)).toContainText("break something");
  for (let i = 0; i < 3; i++) await page.keyboard.press("n");
  await expect(hint(page)).toContainText("break something");
  await page.getByRole("button", { name: "What can be done to C" }).click();
  await page.getByRole("menuitem", { name: /Crash C now/ }).first().click();
  await expect(hint(page)).toContainText("Nothing is lost");
  await checkAxe(page);
  await page.keyboard.press("ArrowLeft");
  await expect(hint(page)).toHaveCount(0);
  await openApp(page);
  await expect(page.locator("h1.say")).toBeVisible();
  await expect(hint(page)).toHaveCount(0);
});

test("hints can be skipped, called back, and left out by the address", async ({ page }) => {
  await openApp(page);
  await hint(page).getByRole("button", { name: "Skip the hints" }).click();
  await expect(hint(page)).toHaveCount(0);
  await page.keyboard.press(",");
  await page.getByRole("button", { name: "Show the first hints again" }).click();
  await page.keyboard.press("Escape");
  await expect(hint(page)).toContainText("Hint 1 of 3");
  await page.goto("./?nodemo");
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  await expect(page.locator("h1.say")).toBeVisible();
  await expect(hint(page)).toHaveCount(0);
});

test("no hint lies over a node", async ({ page }) => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 768, height: 1024 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(viewport);
    await page.evaluate(() => localStorage.clear()).catch(() => {});
    await openApp(page);
    for (let i = 0; i < 3; i++) {
      const at = await hint(page).boundingBox();
      for (const node of await page.locator(".node").all()) {
        const card = await node.boundingBox();
        const apart = at.x + at.width <= card.x || card.x + card.width <= at.x || at.y + at.height <= card.y || card.y + card.height <= at.y;
        expect(apart, `hint ${i + 1} at ${viewport.width}`).toBe(true);
      }
      if (i === 0) await page.keyboard.press("n");
      if (i === 1) {
        await page.getByRole("button", { name: "What can be done to C" }).click();
        await page.getByRole("menuitem", { name: /Crash C now/ }).first().click();
      }
    }
  }
});

test("what a link did is no answer to a hint", async ({ page }) => {
  await openApp(page);
  await page.locator(".tale").first().click();
  await expect(hint(page)).toContainText("Hint 1 of 3");
});
