// Panels can be made wider and narrower, by pointer and by key, and stay so; preferences are in the settings.

import { checkAxe, expect, openApp, test } from "./app.mjs";

test.use({ viewport: { width: 1440, height: 900 } });

const width = async (page, selector) => Math.round((await page.locator(selector).boundingBox()).width);

test("the story is made wider by keys, kept, and put back", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("n");
  const border = page.getByRole("separator", { name: "Width of the story" });
  const usual = await width(page, ".story");
  await border.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await expect(border).toHaveAttribute("aria-valuenow", "356");
  expect(await width(page, ".story")).toBe(usual + 32);
  // Arrows belong to the border while it has the focus.
  await expect(page.locator(".where")).toContainText("Moment 1");
  await page.waitForTimeout(400);
  await page.reload();
  await expect(border).toHaveAttribute("aria-valuenow", "356");
  expect(await width(page, ".story")).toBe(usual + 32);
  await border.dblclick();
  await expect(border).toHaveAttribute("aria-valuenow", "324");
  expect(await width(page, ".story")).toBe(usual);
});

test("the drawer is dragged wider, and stays closed when it was closed", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("n");
  const border = page.getByRole("separator", { name: "Width of the drawer" });
  const before = await width(page, ".drawer");
  const at = await border.boundingBox();
  await page.mouse.move(at.x + at.width / 2, at.y + 200);
  await page.mouse.down();
  await page.mouse.move(at.x + at.width / 2 - 60, at.y + 200, { steps: 4 });
  await page.mouse.up();
  const after = await width(page, ".drawer");
  expect(after).toBeGreaterThan(before + 40);
  await page.waitForTimeout(400);
  await page.reload();
  await expect.poll(() => width(page, ".drawer")).toBe(after);
  await checkAxe(page);
  await page.getByRole("button", { name: "Rules", exact: true }).click();
  await expect(page.locator(".drawer")).toHaveCount(0);
  await page.reload();
  await expect(page.locator("h1.say")).toBeVisible();
  await expect(page.locator(".drawer")).toHaveCount(0);
});

test("both panels at their widest leave the figure its room, and the next drag begins where the border is", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("n");
  const drag = async (name, to) => {
    const at = await page.getByRole("separator", { name }).boundingBox();
    await page.mouse.move(at.x + at.width / 2, at.y + 200);
    await page.mouse.down();
    await page.mouse.move(to, at.y + 200, { steps: 4 });
    await page.mouse.up();
  };
  await drag("Width of the drawer", 300);
  await drag("Width of the story", 1300);
  expect(await width(page, ".fig")).toBeGreaterThan(380);
  const border = page.getByRole("separator", { name: "Width of the story" });
  const widest = await width(page, ".story");
  await border.focus();
  await page.keyboard.press("ArrowLeft");
  expect(await width(page, ".story")).toBe(widest - 16);
});

test("language, theme and single keys are in the settings", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press(",");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("checkbox", { name: "Single keys" }).uncheck();
  await dialog.getByRole("radiogroup", { name: "Theme" }).getByRole("radio", { name: "dark" }).check();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("Escape");
  await page.keyboard.press("n");
  await page.keyboard.press("1");
  await expect(page.locator(".where")).toContainText("Not started");
  await page.keyboard.press("ArrowRight");
  await expect(page.locator(".where")).toContainText("Moment 1");
  await page.keyboard.press("Control+z");
  await expect(page.locator(".where")).toContainText("Not started");
});
