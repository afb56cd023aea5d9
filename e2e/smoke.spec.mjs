// The built site opens: from a folder, without a word in the console, under its own strict policy.

import { checkAxe, expect, openApp, test } from "./app.mjs";

test("the page opens under a sub-path and shows its heading", async ({ page }) => {
  await openApp(page);
  expect(new URL(page.url()).pathname).not.toBe("/");
  await expect(page.locator("h1").first()).toBeVisible();
  await expect(page).toHaveTitle(/Indoubt/);
});

test("axe finds nothing on the first screen, light or dark", async ({ page }) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await openApp(page);
    await checkAxe(page);
  }
});

test("the page carries a strict policy and no inline script", async ({ page, request }) => {
  const html = await (await request.get("./")).text();
  const policy = html.match(/<meta http-equiv="Content-Security-Policy" content="([^"]*)"/)?.[1];
  const scripts = policy?.split("; ").find((rule) => rule.startsWith("script-src "));
  expect(scripts).toBe("script-src 'self' 'wasm-unsafe-eval'");
  expect(policy).toContain("default-src 'none'");

  await openApp(page);
  await expect(page.locator("script:not([src])")).toHaveCount(0);
});

test("the policy is in force: the browser refuses a script from a string", async ({
  page,
  complaints,
}) => {
  await openApp(page);
  const ran = await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
    return window.ran ?? false;
  });
  expect(ran).toBe(false);
  expect(complaints.join()).toContain("Content Security Policy");
  complaints.length = 0;
});
