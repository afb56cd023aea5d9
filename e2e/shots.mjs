// Photographs the main states of the release site into ../shots, to look at and to compare:
//   cargo xtask shots [--filter NAME]      only pictures whose file name contains NAME
// A state is a name and the hash that opens it; `prepare` may press what no link can say.

import { mkdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "@playwright/test";
import { launchOptions } from "./chromium.mjs";
import { serve } from "./server.mjs";

const STATES = [
  { name: "opening", hash: "" },
  // { name: "blocked", hash: "#2pc/v1/...", prepare: async (page) => { ... } },
];

const SIZES = [
  { width: 1440, height: 900 },
  { width: 1100, height: 800 },
  { width: 768, height: 1024 },
  { width: 390, height: 844 },
];
const SCHEMES = ["light", "dark"];
const LOCALES = ["en", "zh-CN"];

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const { values } = parseArgs({ options: { filter: { type: "string", default: "" } } });

const shots = STATES.flatMap((state) =>
  LOCALES.flatMap((locale) =>
    SCHEMES.flatMap((colorScheme) =>
      SIZES.map((viewport) => ({
        ...state,
        locale,
        colorScheme,
        viewport,
        file: `${state.name}-${locale}-${colorScheme}-${viewport.width}x${viewport.height}.png`,
      })),
    ),
  ),
).filter(({ file }) => file.includes(values.filter));

if (shots.length === 0) {
  console.error(`no picture's name contains "${values.filter}"`);
  process.exit(1);
}

await mkdir(here("../shots"), { recursive: true });
const server = await serve(here("../dist"), "/");
const address = `http://127.0.0.1:${server.address().port}/`;
const browser = await chromium.launch(launchOptions);
let failed = 0;
for (const shot of shots) {
  try {
    await take(shot);
    console.log(`shots/${shot.file}`);
  } catch (error) {
    failed += 1;
    console.error(`FAILED ${shot.file}: ${error.message}`);
  }
}
await browser.close();
server.close();
if (failed > 0) console.error(`${failed} of ${shots.length} pictures failed`);
process.exitCode = failed > 0 ? 1 : 0;

/** A fresh context each, so that nothing remembered leaks from one picture into the next. */
async function take({ hash, prepare, locale, colorScheme, viewport, file }) {
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport,
    reducedMotion: "reduce",
    hasTouch: viewport.width < 800,
  });
  try {
    const page = await context.newPage();
    await page.goto(address + hash);
    await page.locator("html[data-app=ready]").waitFor({ timeout: 30_000 });
    await prepare?.(page);
    await page.evaluate(() => document.fonts.ready);
    await page.screenshot({ path: here(`../shots/${file}`) });
  } finally {
    await context.close();
  }
}
