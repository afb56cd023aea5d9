// What the reader prefers is kept, and what is wrong with what is kept is said.

import { expect, openApp, test } from "./app.mjs";

const kept = (page) => page.evaluate(() => localStorage.getItem("indoubt"));
const keep = (page, text, key = "indoubt") =>
  page.addInitScript(([k, t]) => {
    if (sessionStorage.getItem("seeded")) return;
    sessionStorage.setItem("seeded", "yes");
    localStorage.setItem(k, t);
  }, [key, text]);

test("language and colours outlast a reload, in one value", async ({ page }) => {
  await openApp(page);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  expect(JSON.parse(await kept(page))).toEqual({ v: 1, lang: "zh-CN", theme: "dark" });
  await page.reload();
  await expect(page.locator("html[data-app=ready]")).toHaveAttribute("lang", "zh-CN");
  await expect(page).toHaveTitle(/为何阻塞/);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("without a choice the colours follow the system, also later", async ({ page }) => {
  await openApp(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "light");
  await page.emulateMedia({ colorScheme: "dark" });
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("what earlier versions kept is taken over once", async ({ page }) => {
  await keep(page, "dark", "indoubt.theme");
  await openApp(page);
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(JSON.parse(await kept(page))).toEqual({ v: 1, theme: "dark" });
  expect(await page.evaluate(() => localStorage.getItem("indoubt.theme"))).toBeNull();
});

for (const [what, text, found] of [
  ["cut off", '{"v":1,"theme":"da', '{"v":1,"theme":"da'],
  ["of another program", '["a","b"]', '["a","b"]'],
  ["from a later version", '{"v":2,"theme":"dark"}', '"v":2'],
  ["far too long", `"${"x".repeat(100_000)}"`, "xxxx"],
  ["wrong in one place", '{"v":1,"theme":"dark","speed":"fast"}', 'speed: "fast"'],
]) {
  test(`a store that is ${what} is reported and replaced`, async ({ page }) => {
    await keep(page, text);
    await openApp(page);
    const alert = page.getByRole("alert");
    await expect(alert).toContainText("could not be read");
    await expect(alert).toContainText(found);
    await expect(page.locator("h1.say")).toBeVisible();
    await alert.getByRole("button", { name: "Dismiss" }).click();
    await expect(alert).toHaveCount(0);
    await page.reload();
    await expect(page.locator("html[data-app=ready]")).toBeVisible();
    await expect(alert).toHaveCount(0);
    // What could be read is still there.
    if (what === "wrong in one place") expect(JSON.parse(await kept(page))).toEqual({ v: 1, theme: "dark" });
  });
}

test("where nothing may be kept, everything else works", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, "localStorage", {
      get() {
        throw new DOMException("denied", "SecurityError");
      },
    });
  });
  await openApp(page);
  await page.getByRole("button", { name: "Dark theme" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await page.keyboard.press("n");
  await expect(page.locator(".where")).toContainText("Moment 1");
});
