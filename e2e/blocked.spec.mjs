// What a stranger must be able to do: see two-phase commit block, and see it end.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const say = (page) => page.locator("h1.say");
const card = (page, name) => page.locator(".node", { has: page.getByRole("heading", { name, exact: true }) });
const choice = (page, name) => page.locator(".next .opt:not(.no)", { hasText: name });

/** Steps until both participants have voted yes and the second vote is about to arrive. */
async function bothPrepared(page) {
  await page.getByRole("button", { name: "Begin the transfer" }).click();
  for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowRight");
  await expect(say(page)).toContainText("P1 and P2 are in doubt");
}

/** Crashes the coordinator after it forced commit and told P1. */
async function dieHalfWay(page) {
  await page.getByRole("button", { name: /^Deliver yes from P2 to C: in the middle of this step/ }).click();
  const panel = page.getByRole("region", { name: "Crash C in the middle of a step" });
  await expect(panel.locator(".effect")).toHaveCount(3);
  await panel.getByRole("radio", { name: /P2 is blocked/ }).check();
  await panel.getByRole("button", { name: "Crash C here" }).click();
}

test("a stranger sees a participant blocked, its lock held, and everything end well", async ({ page, context }) => {
  await openApp(page);
  await expect(say(page)).toContainText("30 must move from account A");
  await bothPrepared(page);
  await dieHalfWay(page);

  // P1 hears the outcome, P2 does not.
  await choice(page, "Deliver commit from C to P1").click();
  await expect(card(page, "P1")).toContainText("Committed");
  await expect(say(page)).toContainText("P2 voted yes, so it may not decide alone; and C");
  await expect(card(page, "P2")).toContainText("In doubt, blocked");
  const rules = page.locator(".drawer");
  await expect(rules).toContainText("P2: nobody who is up and reachable can tell.");
  await expect(rules).toContainText("Since moment 5");

  // A client waits behind the lock.
  await choice(page, "K puts 10 into the account at P2").click();
  await choice(page, "Deliver ask +10 from K to P2").click();
  await expect(card(page, "K")).toContainText("Waits");
  await expect(rules).toContainText("K waits behind the lock");

  // In doubt since its vote, blocked since the crash.
  await page.getByRole("tab", { name: "State" }).click();
  await expect(rules).toContainText(/In doubt ?since moment 3.*Blocked ?since moment 5/s);
  await page.getByRole("tab", { name: "Rules and cost" }).click();
  await checkAxe(page);

  // Its timer changes nothing, however often.
  for (let i = 0; i < 3; i++) {
    await choice(page, "Let P2’s decision timer fire").click();
    await choice(page, "Deliver inquiry from P2 to C").click();
    await expect(card(page, "P2")).toContainText("In doubt, blocked");
    await expect(say(page)).toContainText("P2 voted yes");
  }

  // The coordinator comes back, and its log still says commit.
  await choice(page, "Recover C").click();
  await page.getByRole("button", { name: "Run until quiet" }).click();
  await expect(say(page)).toContainText("All have committed: A is 70 and B is 140");
  await expect(card(page, "P2")).toContainText("Committed");
  await expect(card(page, "K")).toContainText("Idle");
  await expect(rules).toContainText("210 of 210");

  // Back to before the crash, and the other way: the first branch is still there.
  const slider = page.getByRole("slider", { name: "Moment" });
  await slider.fill("4");
  await expect(page.locator(".where")).toContainText("Moment 4");
  await choice(page, "Deliver yes from P2 to C").click();
  await page.getByRole("button", { name: "Run until quiet" }).click();
  await expect(say(page)).toContainText("All have committed: A is 70 and B is 130");
  const branches = page.getByRole("list", { name: "Branches" }).locator(".to");
  await expect(branches).toHaveCount(2);
  await branches.first().click();
  await expect(say(page)).toContainText("B is 140");

  // The address is the run.
  const before = await say(page).textContent();
  await expect(async () => expect(page.url()).toContain("#2pc/v1/")).toPass();
  await page.waitForTimeout(400);
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(say(second)).toHaveText(before);
  await expect(second.locator(".where")).toHaveText(await page.locator(".where").textContent());
  await expect(second.getByRole("list", { name: "Branches" }).locator(".to")).toHaveCount(2);
  await second.reload();
  await expect(say(second)).toHaveText(before);
});

test("the whole of it works by keyboard alone", async ({ page }) => {
  await openApp(page);
  for (let i = 0; i < 5; i++) await page.keyboard.press("n");
  await expect(page.locator(".where")).toContainText("Moment 5");
  await page.keyboard.press("Control+z");
  await expect(page.locator(".where")).toContainText("Moment 4");
  await page.keyboard.press("Control+Shift+z");
  await expect(page.locator(".where")).toContainText("Moment 5");
  await page.keyboard.press("Home");
  await expect(page.locator(".where")).toContainText("Not started");
  await page.keyboard.press("End");
  await expect(page.locator(".where")).toContainText("Moment 5");
  await page.keyboard.press("Home");
  await page.keyboard.press("1");
  await page.keyboard.press("2");
  await expect(page.locator(".where")).toContainText("branch 2 of 2");
  await page.keyboard.press("Alt+ArrowRight");
  await expect(page.locator(".where")).toContainText("branch 1 of 2");
});

test("the sentence changes with every step", async ({ page }) => {
  await openApp(page);
  const seen = new Set();
  for (let i = 0; i < 9; i++) {
    seen.add(await page.locator(".telling").textContent());
    await page.keyboard.press("n");
  }
  expect(seen.size).toBe(9);
});

test("settings change the world and keep the page", async ({ page }) => {
  await openApp(page);
  await bothPrepared(page);
  await page.getByRole("button", { name: /Settings/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toBeVisible();
  await checkAxe(page);
  await dialog.getByRole("radiogroup", { name: /Without a record/ }).getByRole("radio", { name: "commit" }).check();
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.locator(".where")).toContainText("Moment 4");
  await expect(card(page, "C")).toContainText("Collecting");
  await expect(page.locator(".setup")).toContainText("presumed commit");
});

test("Chinese and the dark theme are whole, and axe finds nothing in either", async ({ page }) => {
  await openApp(page);
  await bothPrepared(page);
  await dieHalfWay(page);
  await choice(page, "Deliver commit from C to P1").click();
  await page.getByRole("button", { name: "中文" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(say(page)).toContainText("不得自行决定");
  await checkAxe(page);
  await page.getByRole("button", { name: "深色主题" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  await checkAxe(page);
  await page.reload();
  await expect(page.locator("html")).toHaveAttribute("lang", "zh-CN");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a phone shows the same run without scrolling sideways", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page);
  await page.locator(".bottom .main").click();
  for (let i = 0; i < 3; i++) await page.locator(".bottom .main").click();
  await expect(say(page)).toContainText("P1 and P2 are in doubt");
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect(wide).toBeLessThanOrEqual(0);
  await checkAxe(page);
});

test("a message to a node that is down offers no crash while it arrives, and says why", async ({ page }) => {
  await openApp(page);
  await bothPrepared(page);
  await dieHalfWay(page);
  await choice(page, "Deliver commit from C to P1").click();
  const crash = page.getByRole("button", { name: /Crash while it arrives.*ack/ });
  await expect(crash).toHaveAttribute("aria-disabled", "true");
  await expect(crash).toHaveAttribute("title", /C is down/);
  await crash.click({ force: true });
  await expect(page.getByRole("region", { name: /^Crash C/ })).toHaveCount(0);
});
