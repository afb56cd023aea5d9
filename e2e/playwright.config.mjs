// The release build, served as a stranger's static host would: from some folder, files only.

import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { defineConfig, firefox } from "@playwright/test";
import { launchOptions } from "./chromium.mjs";

const BASE = "/some/folder/";

// Any free port, so that two clones can test at once. Workers read this file again and inherit it.
process.env.E2E_PORT ??= await freePort();
const baseURL = `http://127.0.0.1:${process.env.E2E_PORT}${BASE}`;

export default defineConfig({
  testDir: ".",
  testMatch: "*.spec.mjs",
  outputDir: "test-results",
  forbidOnly: true,
  fullyParallel: true,
  workers: 2,
  retries: 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: [["list"]],
  use: {
    baseURL,
    locale: "en-GB",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    // offline.spec.mjs allows them; elsewhere each test would download the site twice.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
  projects: [
    { name: "chromium", use: { browserName: "chromium", launchOptions } },
    // Playwright drives a Firefox of its own: `npx playwright install firefox`. Where it is there, it is used.
    ...(existsSync(firefox.executablePath()) ? [{ name: "firefox", use: { browserName: "firefox" } }] : []),
  ],
  webServer: {
    command: `node server.mjs ../dist ${BASE} ${process.env.E2E_PORT}`,
    url: baseURL,
    reuseExistingServer: false,
  },
});

function freePort() {
  return new Promise((done, fail) => {
    const server = createServer();
    server.once("error", fail);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => done(String(port)));
    });
  });
}
