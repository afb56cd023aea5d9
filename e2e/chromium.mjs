// The one place that says which Chromium is started and how. webdriver.json has the same flags for
// the tests that run below wasm-bindgen's own runner.

export const launchOptions = {
  // `cargo xtask` sets this to the browser that it found.
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
