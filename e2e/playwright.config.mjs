// The release build, served as a stranger's static host would: from some folder, files only.

import { createServer } from "node:net";
import { defineConfig } from "@playwright/test";
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
    browserName: "chromium",
    launchOptions,
    locale: "en-GB",
    colorScheme: "light",
    viewport: { width: 1280, height: 800 },
    // offline.spec.mjs allows them; elsewhere each test would download the site twice.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
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
