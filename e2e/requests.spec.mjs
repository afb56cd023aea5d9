// Requests that are sent again: a ticket is bought, the reply is lost, and the page shows what a second delivery does.

import { readFile } from "node:fs/promises";
import { checkAxe, expect, openApp, test } from "./app.mjs";

/** A golden script of the shop. */
const shop = (name) => readFile(new URL(`../tests/traces/shop/${name}.txt`, import.meta.url), "utf8");

/** Opens a script as a reader does. */
async function openScript(page, ...lines) {
  await page.keyboard.press("s");
  await page.locator("#share-open").fill(lines.join("\n"));
  await page.locator("#share-open + .btn").click();
  await expect(page.locator("dialog")).toHaveCount(0);
}

const world = (strategy) => `world resend strategy=${strategy}`;
const lostReply = ["do K send", "deliver K>S request", "drop S>K ok", "do K resend", "deliver K>S request"];

test("a stranger buys a ticket, loses the reply, asks again, and is charged twice", async ({ page }) => {
  await openApp(page);
  await openScript(page, world("nothing"));
  await page.getByRole("button", { name: /K buys a ticket/ }).first().click();
  await expect(page.locator(".tally")).toContainText("not yet");
  await page.keyboard.press("1");
  await expect(page.locator(".tally")).toContainText("K does not know");
  await page.locator('.pill button[aria-label^="Lose"], .pill button[title^="Lose"]').first().click();
  await page.getByRole("button", { name: /K sends the same again/ }).first().click();
  await page.keyboard.press("1");
  await expect(page.locator("h1.say")).toHaveText("What K asked for once happened 2 times.");
  await expect(page.locator(".tally")).toContainText("1 too many");
  await expect(page.locator(".slip-r.effect.again")).toHaveCount(1);
  await checkAxe(page);
});

test("with a unique insert the same faults leave one charge", async ({ page }) => {
  await openApp(page);
  await openScript(page, world("unique-insert"), ...lostReply, "deliver S>K ok");
  await expect(page.locator(".tally")).toContainText("right");
  await expect(page.locator("h1.say")).toHaveText("K saw OK, and it happened once.");
  await expect(page.locator(".slip-r.effect")).toHaveCount(1);
});

test("a crash between effect and mark doubles, and one between mark and effect loses", async ({ page }) => {
  await openApp(page);
  const again = ["recover S", "do K resend", "deliver K>S request"];
  await openScript(page, world("mark-after"), "do K send", "deliver K>S request", "fire S work-1 torn=1",
    ...again, "fire S work-1");
  await expect(page.locator(".tally")).toContainText("1 too many");
  await openScript(page, world("mark-before"), "do K send", "deliver K>S request", "crash S", ...again,
    "deliver S>K ok");
  await expect(page.locator(".tally")).toContainText("lost");
  await expect(page.locator("h1.say")).toContainText("never happened");
});

test("every strategy is worked out, and the run behind a red cell opens", async ({ page }) => {
  await openApp(page);
  await openScript(page, world("nothing"));
  await page.locator("#matrix-switch").click();
  await expect(page.getByRole("heading", { name: "Every strategy" })).toBeFocused();
  await expect(page.locator(".matrix [role=status]")).toContainText("All 16 strategies are worked out.");
  await expect(page.locator(".matrix .sum.good")).toHaveCount(4);
  await checkAxe(page);
  const row = page.locator(".matrix tr", { hasText: "mark, then act" }).first();
  await row.locator(".cell.bad").click();
  await expect(page.locator(".matrix")).toHaveCount(0);
  await expect(page.locator(".where")).toContainText("Moment 6");
  await expect(page.locator(".tally")).toContainText("lost");
  // The browser's own way back leads to the matrix, and from there to the run.
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Every strategy" })).toBeVisible();
  await page.goBack();
  await expect(page.locator(".matrix")).toHaveCount(0);
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Every strategy" })).toBeVisible();
  await expect(page).toHaveTitle(/^Every strategy · Requests sent again/);
  // The button leads the same way, and leaves no entry behind that leads nowhere.
  await page.getByRole("button", { name: "Back to the run" }).click();
  await expect(page.locator(".matrix")).toHaveCount(0);
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Every strategy" })).toBeVisible();
});

test("two see the last seat, and both are sold it; looked for in the sale itself, the second is refused", async ({ page }) => {
  await openApp(page);
  const both = (look) => [`world resend strategy=unique-insert seats=1 clients=2 look=${look}`, "do K1 send",
    "deliver K1>S request", "do K2 send", "deliver K2>S request"];
  await openScript(page, ...both("before"), "fire S work-1", "fire S work-2");
  await expect(page.locator("h1.say")).toContainText("S sold more tickets than there are seats.");
  await expect(page.locator(".seat")).toHaveText(["K1", "K2"]);
  await expect(page.locator(".seat.beyond")).toHaveAttribute("title", "ticket for K2, without a seat");
  await checkAxe(page);
  await openScript(page, ...both("at-sale"), "deliver S>K2 sold-out");
  await expect(page.locator(".seat")).toHaveText(["K1"]);
  await expect(page.locator("h1.say")).toContainText("K2 · Saw “sold out”. Nothing has happened.");
});

test("an expired record is said, and so is the request that comes again after it", async ({ page }) => {
  await openApp(page);
  const steps = ["world idempotency-key ttl=on", "do K send", "deliver K>S request", "fire S work-1", "fire S work-1",
    "drop S>K ok", "fire S ttl"];
  await openScript(page, ...steps);
  await expect(page.locator("h1.say")).toContainText("sent again, it is a new one");
  await openScript(page, ...steps, "do K resend", "deliver K>S request", "fire S work-1");
  await expect(page.locator("h1.say")).toContainText("happened 2 times");
  await expect(page.locator("h1.say")).toContainText("begun once more after its record had expired");
});

test("a poison message ends on the dead-letter queue, and the queue says so", async ({ page }) => {
  await openApp(page);
  await openScript(page, "world queue poison=first limit=1", "do P produce", "deliver P>Q produce", "deliver Q>W deliver",
    "fire W work", "deliver W>Q nack");
  await expect(page.locator("h1.say")).toContainText("it is on the dead-letter queue");
  await expect(page.locator(".tally")).toContainText("it is on the dead-letter queue");
});

test("a lock's holder pauses past its lease, and the token refuses its late write", async ({ page }) => {
  await openApp(page);
  await openScript(page, "world lock", "do K1 acquire", "deliver K1>L acquire", "deliver L>K1 grant", "pause K1",
    "fire L lease", "do K2 acquire", "deliver K2>L acquire", "deliver L>K2 grant", "do K2 write", "deliver K2>R write",
    "resume K1");
  await page.getByRole("button", { name: /^.*K1 writes/ }).first().click();
  await page.getByRole("button", { name: /Deliver write #1 from K1 to R/ }).first().click();
  await expect(page.locator(".just")).toContainText("rejected");
  await expect(page.locator(".laws")).toContainText("No write by an old holder");
});

test("three reasons for silence look the same to who asked, and asking again tells the strategies apart", async ({ page }) => {
  await openApp(page);
  await openScript(page, world("nothing"), "do K send");
  await page.locator("#silences").click();
  await expect(page.getByRole("heading", { name: "Three reasons for silence" })).toBeFocused();
  await expect(page.locator(".three .compare-side")).toHaveCount(3);
  await expect(page.locator(".silences .alike")).toContainText("the same in all three");
  const again = page.locator(".silences tbody tr").last().locator("td");
  await expect(again).toContainText(["1×", "2×", "2×"]);
  await page.getByLabel("Strategy").selectOption("unique insert, act, reply in one step");
  await expect(again).toContainText(["1×", "1×", "1×"]);
  await checkAxe(page);
  await page.locator(".three .compare-side").nth(1).getByRole("button", { name: "Open this run" }).click();
  await expect(page.locator("h1.say")).toHaveText("K saw OK, and it happened once.");
});

test("in the shop two buyers read the same stock, and more is sold than there was", async ({ page }) => {
  await openApp(page);
  await openScript(page, await shop("s42b-as-written-both-read-five"));
  await expect(page.locator(".node", { hasText: "stock" })).toContainText("3");
  await expect(page.locator(".node", { hasText: "sold" })).toContainText("4");
  await openScript(page, await shop("s42a-correct-the-same-request-twice"));
  await expect(page.locator(".tally")).toContainText("right");
  await checkAxe(page);
});
