// Input that is not ours: each mistake gets a message with its place, and the run is kept.

import { expect, openApp, test } from "./app.mjs";

const notice = (page) => page.locator(".notice");

/** The address of a run of nine steps. */
async function aRun(page) {
  await openApp(page);
  for (let i = 0; i < 9; i++) await page.keyboard.press("n");
  await expect(async () => expect(page.url()).toContain("#2pc/v1/")).toPass();
  await page.waitForTimeout(400);
  return page.url().split("#")[1];
}

async function open(page, hash) {
  await page.evaluate((h) => { location.hash = h; }, hash);
}

test("wrong links say what is wrong and keep the run", async ({ page }) => {
  const good = await aRun(page);
  const [protocol, version, payload] = good.split("/");
  const wrong = [
    [`nonsense/${version}/${payload}`, "nonsense"],
    [`${protocol}/v99/${payload}`, "99"],
    [`${protocol}/${version}/!!!!`, ""],
    [`${protocol}/${version}/${"A".repeat(1_000_000)}`, ""],
  ];
  for (const [hash, named] of wrong) {
    await open(page, hash);
    await expect(notice(page)).toBeVisible();
    await expect(notice(page)).toContainText("cannot be opened");
    await expect(notice(page)).toContainText(named);
    await expect(page.locator(".where")).toContainText("Moment 9");
    await page.getByRole("button", { name: /Dismiss/ }).click();
  }
});

test("a damaged link keeps what was good and says where the damage is", async ({ page }) => {
  const good = await aRun(page);
  const cut = good.slice(0, -4);
  await open(page, cut);
  await expect(notice(page)).toContainText("damaged");
  const at = good.length - 8;
  const flipped = good.slice(0, at) + (good[at] === "A" ? "B" : "A") + good.slice(at + 1);
  await open(page, flipped);
  await expect(notice(page)).toContainText(/damaged|cannot be opened/);
  await expect(page.locator("h1.say")).toBeVisible();
  await open(page, good);
  await expect(page.locator(".where")).toContainText("Moment 9");
});

test("a wrong script is told line and column, and what came before it is shown", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("s");
  const dialog = page.getByRole("dialog");
  const script = [
    "world 2pc presumption=abort",
    "do C begin",
    "deliver C>P1 prepare",
    "deliver C>P2 prepare",
    "deliver P1>C yes",
    "",
    "deliver P2>C maybe",
  ].join("\n");
  await dialog.getByRole("textbox").last().fill(script);
  await dialog.getByRole("button", { name: "Open" }).click();
  // The dialog makes room for what came before the mistake, which is shown with the mistake.
  await expect(notice(page)).toContainText("7:");
  await expect(notice(page)).toContainText("maybe");
  await expect(page.locator(".where")).toContainText("Moment 4");
});
