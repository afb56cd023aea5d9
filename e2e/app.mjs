// What every end-to-end test starts from: `test`, `expect`, `openApp` and `checkAxe`.
//
// With this `test`, a test fails if the page logged an error, threw one, got a bad answer or asked
// anyone but the server under test for anything, whatever the test itself looked at.

import { AxeBuilder } from "@axe-core/playwright";
import { expect, test as base } from "@playwright/test";

export { expect };

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

export const test = base.extend({
  /** What went wrong in the page, in order. A test that means to provoke an error empties it. */
  complaints: [
    async ({ context, baseURL }, use) => {
      const complaints = [];
      const origin = new URL(baseURL).origin;
      context.on("console", (message) => {
        if (message.type() === "error") complaints.push(`console: ${message.text()}`);
      });
      context.on("weberror", (error) => complaints.push(`uncaught: ${error.error()}`));
      context.on("request", (request) => {
        if (isForeign(request.url(), origin)) complaints.push(`left the page: ${request.url()}`);
      });
      context.on("requestfailed", (request) => {
        const reason = request.failure()?.errorText;
        // A page that is closed or left gives up what it had asked for.
        if (reason !== "net::ERR_ABORTED") complaints.push(`failed: ${request.url()} ${reason}`);
      });
      context.on("response", (response) => {
        if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
      });
      await use(complaints);
      expect(complaints, "what the page complained about").toEqual([]);
    },
    { auto: true },
  ],
});

/** Opens the app at a hash such as "#2pc/v1/..." and waits until it is mounted. */
export async function openApp(page, hash = "") {
  // Setting another hash alone would not load the page anew.
  if (page.url() !== "about:blank") await page.goto("about:blank");
  await page.goto(`./${hash}`);
  await expect(page.locator("html"), "the program starts").toHaveAttribute("data-app", "ready", {
    timeout: 30_000,
  });
  await expect(page.locator("#boot"), "the first paint is replaced").toHaveCount(0);
}

/** Fails on any violation of WCAG 2.2 AA or of axe's best practices, naming the elements. */
export async function checkAxe(page) {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  const told = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    at: nodes.map((node) => node.target.join(" ")),
  }));
  expect(told, "what axe found").toEqual([]);
}

function isForeign(url, origin) {
  const { protocol, origin: theirs } = new URL(url);
  return ["http:", "https:", "ws:", "wss:"].includes(protocol) && theirs !== origin;
}
