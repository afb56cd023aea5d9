// Once opened, the page works without a network, and a new version is offered and never forced.

import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, openApp, test } from "./app.mjs";
import { serve } from "./server.mjs";

// Everywhere else workers are left out, so that each test downloads the site once.
test.use({ serviceWorkers: "allow" });

const installed = (page) =>
  page.evaluate(() => navigator.serviceWorker.ready.then((registration) => registration.active.scriptURL));

test("after one visit a reload works without a network", async ({ page, context, complaints }) => {
  await openApp(page);
  expect(await installed(page)).toMatch(/\/some\/folder\/sw\.js$/);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  for (let i = 0; i < 3; i++) await page.keyboard.press("n");
  await expect(async () => expect(page.url()).toContain("#2pc/v1/")).toPass();
  await page.waitForTimeout(400);
  const said = await page.locator("h1.say").textContent();
  await context.setOffline(true);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  await expect(page.locator("h1.say")).toHaveText(said);
  await page.keyboard.press("n");
  await expect(page.locator(".where")).toContainText("Moment 4");
  expect(complaints.filter((c) => c.includes("left the page"))).toEqual([]);
  complaints.length = 0;
});

test("the explorer searches without a network, too", async ({ page, context, complaints }) => {
  await openApp(page);
  await installed(page);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  // The worker is kept in the background, after everything else.
  await expect(async () => {
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
      return all.flat().map((request) => request.url);
    });
    expect(kept.some((url) => /explore\.js$/.test(url))).toBe(true);
  }).toPass();
  await context.setOffline(true);
  await page.keyboard.press("e");
  await page.locator("#explore-start").click();
  await expect(page.locator(".answer h1")).toContainText("In 5 steps");
  complaints.length = 0;
});

test("an embed keeps nothing", async ({ page }) => {
  await page.goto("./?embed=1");
  await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
  await page.waitForTimeout(500);
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistrations().then((all) => all.length))).toBe(0);
});

test("a new version is offered, and comes when it is asked for", async ({ page, complaints }) => {
  const folder = await mkdtemp(join(tmpdir(), "indoubt-"));
  await cp(fileURLToPath(new URL("../dist", import.meta.url)), folder, { recursive: true });
  const server = await serve(folder, "/");
  try {
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
    await installed(page);
    const worker = join(folder, "sw.js");
    const text = await readFile(worker, "utf8");
    await writeFile(worker, text.replace(/const VERSION = "[^"]*"/, 'const VERSION = "next"'));
    await page.reload();
    const toast = page.getByRole("status").filter({ hasText: "There is a new version" });
    await expect(toast).toBeVisible();
    await page.keyboard.press("n");
    const caches = () => page.evaluate(() => self.caches.keys().then((names) => names.filter((n) => n.endsWith(" next")).length));
    await Promise.all([page.waitForEvent("load"), toast.getByRole("button", { name: "Reload" }).click()]);
    await expect(page.locator("html")).toHaveAttribute("data-app", "ready");
    await expect(toast).toHaveCount(0);
    await expect.poll(caches).toBe(1);
    // Its own server, on its own port, is not the one that everything else must come from.
    expect(complaints.filter((c) => !c.startsWith("left the page"))).toEqual([]);
    complaints.length = 0;
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
});
