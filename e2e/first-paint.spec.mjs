// Before the program, without it, and when it does not come: the page says what it is and what is missing.

import { checkAxe, expect, test } from "./app.mjs";

const say = (page) => page.locator("h1:visible");

/** Opens the page with the program still on its way. */
async function early(page) {
  await page.route("**/*.wasm", () => new Promise(() => {}));
  await page.goto("./", { waitUntil: "commit" });
  await expect(page.locator("html")).toHaveAttribute("data-app", "loading");
}

test("the first paint shows a sentence and a finished commit, where the program will put them", async ({ page, context }) => {
  for (const viewport of [{ width: 1440, height: 900 }, { width: 390, height: 844 }]) {
    await page.setViewportSize(viewport);
    await early(page);
    await expect(say(page)).toHaveCount(1);
    await expect(page.getByRole("img", { name: /A commit in which nothing failed/ })).toHaveCount(1);
    await expect(page.locator(".boot-picture:visible text", { hasText: "prepared" }).first()).toBeVisible();
    await expect(page.locator("#boot .where")).toContainText("a finished commit");
    await checkAxe(page);
    const before = await say(page).boundingBox();
    const words = await say(page).innerText();
    const other = await context.newPage();
    await other.setViewportSize(viewport);
    await other.goto(page.url());
    await expect(other.locator("html")).toHaveAttribute("data-app", "ready");
    await expect(other.locator("#boot")).toHaveCount(0);
    expect(await other.locator("h1.say").innerText()).toBe(words);
    const after = await other.locator("h1.say").boundingBox();
    expect(Math.abs(after.x - before.x) + Math.abs(after.y - before.y)).toBeLessThan(3);
    await other.close();
  }
});

test("the first paint has the reader's language and colours", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("indoubt", '{"v":1,"lang":"zh-CN","theme":"dark"}'));
  await early(page);
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await expect(say(page)).toContainText("要么");
  await checkAxe(page);
});

test("a link on the first paint is a run that opens when the program is there", async ({ page }) => {
  let go;
  const held = new Promise((done) => { go = done; });
  await page.route("**/*.wasm", async (route) => {
    await held;
    await route.continue();
  });
  await page.goto("./", { waitUntil: "commit" });
  await page.getByRole("link", { name: /The coordinator dies half way/ }).click();
  go();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  await expect(page.locator("h1.say")).toContainText("P2 voted yes");
});

test("without scripts the page still says what it is and what is missing", async ({ browser, baseURL }) => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(baseURL);
  await expect(page.locator("h1:visible")).toContainText("both do it, or neither");
  await expect(page.getByRole("img", { name: /A commit/ })).toHaveCount(1);
  // Playwright's search by text passes over noscript.
  await expect(page.locator("noscript p").first()).toBeVisible();
  await expect(page.locator("noscript p[lang=zh-CN]")).toBeVisible();
  // Runs cannot be opened, so none are offered.
  await expect(page.locator(".tales")).toBeHidden();
  await context.close();
});

test("without WebAssembly the page says so", async ({ page }) => {
  await page.addInitScript(() => { delete window.WebAssembly; });
  await page.goto("./");
  await expect(page.locator("html")).toHaveAttribute("data-app", "unable");
  await expect(page.getByRole("alert")).toContainText("does not run WebAssembly");
  // All of the picture is there, down to its end.
  await page.setViewportSize({ width: 390, height: 844 });
  const [frame, picture] = [page.locator("#boot .stage"), page.locator(".boot-picture.compact")];
  const [all, seen] = [await frame.boundingBox(), await picture.boundingBox()];
  expect(seen.y + seen.height).toBeLessThanOrEqual(all.y + all.height + 1);
  await checkAxe(page);
});

test("a program that does not arrive is reported, and can be asked for again", async ({ page, complaints }) => {
  await page.route("**/*.wasm", (route) => route.abort());
  await page.goto("./");
  await expect(page.locator("html")).toHaveAttribute("data-app", "failed");
  await expect(page.getByRole("alert")).toContainText("did not arrive");
  await checkAxe(page);
  expect(complaints).not.toEqual([]);
  complaints.length = 0;
  await page.unroute("**/*.wasm");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
});
