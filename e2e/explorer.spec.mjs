// The explorer: a question, an answer with everything it assumes, and a run that one can step through. The search
// runs in a worker under a sub-path, and the page stays usable whatever the worker does.

import { checkAxe, expect, openApp, test } from "./app.mjs";

const answer = (page) => page.getByRole("region", { name: "Answer" });
const sentence = (page) => page.locator(".answer h1");
const ask = (page, name) => page.locator(".card-radio", { hasText: name }).click();
const begin = (page) => page.locator("#explore-start").click();
const more = (page, bound) => page.locator(`[data-bound=${bound}] .step`).last().click();

async function openExplorer(page) {
  await page.locator("#explorer-switch").click();
  await expect(page.getByRole("heading", { name: "Explorer", exact: true })).toBeFocused();
}

/** Opens a script as a reader does. */
async function openScript(page, ...lines) {
  await page.keyboard.press("s");
  await page.locator("#share-open").fill(lines.join("\n"));
  await page.locator("#share-open + .btn").click();
  await expect(page.locator("dialog")).toHaveCount(0);
}

/** Enough worlds to be searched for a while. */
async function startBigSearch(page, worlds) {
  await openScript(page, "world 2pc participants=4");
  await openExplorer(page);
  if (worlds) {
    await page.getByText("More bounds").click();
    await page.getByLabel("Worlds, at most").selectOption(worlds);
  }
  await ask(page, "two nodes decide differently?");
  await more(page, "crashes");
  await more(page, "drops");
  await begin(page);
  await expect(page.locator(".worlds")).toContainText(/[1-9]\d,\d{3} worlds looked at/);
}

test("a stranger asks who can be blocked, reads the answer, and steps through the run", async ({ page }) => {
  await openApp(page);
  await openExplorer(page);
  await ask(page, "any node is blocked?");
  await begin(page);
  await expect(page.locator(".verdict")).toHaveText("Yes, there is. No shorter run exists.");
  await expect(sentence(page)).toContainText(/^In \d steps .* blocked\.$/);
  await expect(page.locator(".stands")).toContainText("may not decide alone");
  await expect(page.locator(".given")).toContainText("At most 1 crash, at any point.");
  await expect(page.locator(".given")).toContainText("None of these: lost messages");
  await expect(page.locator("#explore-verdict")).toContainText("Yes, there is.");
  await expect(page.locator(".found svg").first()).toBeVisible();
  const steps = Number((await sentence(page).textContent()).match(/In (\d+) steps/)[1]);
  await expect(page.locator(".levels tbody tr")).toHaveCount(steps + 1);
  await checkAxe(page);

  await page.getByRole("button", { name: "Share", exact: true }).last().click();
  const link = await page.locator("#explore-address").inputValue();
  expect(link).toMatch(/\/some\/folder\/#2pc\/v1\//);

  await page.locator("#explore-open").click();
  await expect(page.locator(".explore")).toHaveCount(0);
  await expect(page.locator(".where")).toContainText(`Moment ${steps}`);
  await expect(page.locator("h1.say")).toContainText("voted yes");
  for (let i = steps; i > 1; i--) await page.keyboard.press("ArrowLeft");
  await expect(page.locator(".where")).toContainText("Moment 1");

  // The link is that run, for whoever gets it.
  await openApp(page, new URL(link).hash);
  await expect(page.locator(".where")).toContainText(`Moment ${steps}`);
});

test("several questions are asked without reloading, and earlier answers stay", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("e");
  await begin(page);
  await expect(sentence(page)).toContainText("committed while");
  await ask(page, "two nodes decide differently?");
  await begin(page);
  await expect(page.locator(".verdict")).toHaveText("There is none.", { timeout: 30_000 });
  await expect(sentence(page)).toContainText(/: that holds in all [\d,]+ reachable worlds \(\d nodes, 1 crash and no lost message\)\.$/);
  await expect(page.locator(".asked")).toHaveCount(1);
  await expect(page.locator(".asked")).toContainText("committed while");
  await page.getByRole("button", { name: "Show this answer" }).click();
  await expect(sentence(page)).toContainText("committed while");

  // From here on: the run goes on where the reader stands.
  await page.keyboard.press("Escape");
  await expect(page.locator(".explore")).toHaveCount(0);
  for (let i = 0; i < 3; i++) await page.keyboard.press("n");
  await openExplorer(page);
  await page.getByRole("button", { name: "this moment (3)" }).click();
  await ask(page, "any node is blocked?");
  await begin(page);
  await expect(page.locator(".given")).toContainText("From moment 3 of your run on");
  await page.locator("#explore-open").click();
  await expect(page.locator(".notice")).toContainText("This is what the explorer found");
});

test("the worker sees the same worlds as the search does natively", async ({ page }) => {
  // The numbers of tests/searches.
  await openApp(page);
  await openScript(page, "world 2pc clients=0");
  await openExplorer(page);
  await page.getByText("More questions").click();
  await ask(page, "just count what can come of it");
  await begin(page);
  await expect(page.locator(".took")).toContainText("finished", { timeout: 30_000 });
  await expect(page.locator(".worlds")).toHaveText("9,940 worlds looked at, 38,869 steps tried");
  await expect(page.locator(".outcome")).toHaveCount(5);
  await expect(page.locator(".outcome.split")).toContainText("never");
  await checkAxe(page);
  await page.locator(".outcome.blocked .link").click();
  await expect(page.locator("h1.say")).toContainText("voted yes");
});

test("a question of one’s own, and one that cannot be searched", async ({ page }) => {
  await openApp(page);
  await openExplorer(page);
  await ask(page, "my own question");
  await page.getByRole("button", { name: "Remove" }).click();
  await expect(page.locator("#explore-start")).toBeDisabled();
  await expect(page.getByRole("button", { name: "Add a condition" })).toBeFocused();
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("Who", { exact: true }).selectOption("P1 is");
  await page.getByLabel("What", { exact: true }).selectOption("aborted");
  await page.getByRole("button", { name: "Add a condition" }).click();
  await page.getByLabel("Who", { exact: true }).last().selectOption("P2 is");
  await page.getByLabel("What", { exact: true }).last().selectOption("in doubt");
  await begin(page);
  await expect(sentence(page)).toContainText(/^In \d steps P1 has aborted and P2 is in doubt\.$/);

  await openScript(page, "world 2pc order=fifo");
  await begin(page);
  await expect(page.getByRole("alert")).toContainText("does not search networks that keep messages in order");
});

test("another world has questions of its own, and a number of steps must be one", async ({ page }) => {
  await openApp(page);
  await openScript(page, "world resend strategy=nothing");
  await openExplorer(page);
  await expect(page.locator(".card-radio input:checked")).toHaveCount(1);
  await ask(page, "an effect happens twice?");
  await more(page, "duplicates");
  await page.getByText("More bounds").click();
  const depth = page.getByLabel("steps in a run");
  await depth.pressSequentially("-3");
  await depth.press("Tab");
  await expect(page.getByRole("alert")).toContainText("“-3” is not a number of steps");
  await expect(page.locator("#explore-start")).toBeDisabled();
  await depth.fill("");
  await depth.pressSequentially("9");
  await depth.press("Tab");
  await begin(page);
  await expect(page.locator(".asked-what")).toHaveText("Is there a run where an effect happens twice?");
  await expect(page.locator(".verdict")).toContainText("Yes, there is.");
  await expect(page.locator(".given")).toContainText("more than 2 equal messages");
});

test("the keyboard reaches everything, and keys do not change a run that is out of sight", async ({ page }) => {
  await openApp(page);
  await page.keyboard.press("n");
  await page.keyboard.press("e");
  await page.keyboard.press("n");
  await page.keyboard.press("Escape");
  await expect(page.locator(".where")).toContainText("Moment 1");
  await page.keyboard.press("e");
  await page.locator(".card-radio input").first().focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.locator(".card-radio input").nth(1)).toBeChecked();
  await page.locator("#explore-start").focus();
  await page.keyboard.press("Enter");
  await expect(page.locator(".verdict")).toContainText("Yes, there is.");
});

test("axe finds nothing, light or dark", async ({ page }) => {
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme });
    await openApp(page);
    await openExplorer(page);
    await checkAxe(page);
    await begin(page);
    await expect(page.locator("#explore-open")).toBeVisible();
    await checkAxe(page);
  }
});

test("a big search stops when it is told to, goes on, and never holds up the page", async ({ page }) => {
  await page.addInitScript(() => {
    window.heard = [];
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...all) {
        super(...all);
        this.addEventListener("message", () => window.heard.push(performance.now()));
      }
    };
    /** The longest times between frames for so long. */
    window.frames = (ms) =>
      new Promise((done) => {
        const gaps = [];
        const start = performance.now();
        let last = start;
        requestAnimationFrame(function frame(now) {
          gaps.push(now - last);
          last = now;
          if (now - start < ms) requestAnimationFrame(frame);
          else done(gaps.slice(1).sort((a, b) => b - a));
        });
      });
  });
  await openApp(page);
  const told = (gaps) => `${gaps.slice(0, 3).map((g) => g.toFixed(0)).join(", ")} ms, ${gaps.length} frames`;
  const idle = await page.evaluate(() => window.frames(2000));
  await startBigSearch(page);
  const from = await page.evaluate(() => window.heard.length);
  const busy = await page.evaluate(() => window.frames(2000));
  const reports = await page.evaluate((n) => window.heard.slice(n), from);
  const apart = reports.slice(1).map((at, i) => at - reports[i]);
  const last = await page.evaluate(async () => {
    document.querySelector("#explore-stop").click();
    const start = performance.now();
    await new Promise((done) => setTimeout(done, 600));
    return window.heard.at(-1) - start;
  });
  // Measured, not asserted: the machine may be busy.
  console.log(`longest times between frames: idle ${told(idle)}; while searching ${told(busy)}`);
  console.log(`reports ${reports.length} in 2 s, at most ${Math.max(...apart).toFixed(0)} ms apart`);
  console.log(`the last word of the worker ${last.toFixed(1)} ms after Stop`);
  await expect(page.locator(".verdict")).toHaveText("Stopped by you: not a proof.");
  const count = async () => Number((await page.locator(".worlds").textContent()).match(/^[\d,]+/)[0].replaceAll(",", ""));
  const before = await count();
  await page.waitForTimeout(300);
  expect(await count(), "stopped is stopped").toBe(before);
  await page.locator(".acts").getByRole("button", { name: "Go on" }).click();
  await expect(async () => expect(await count()).toBeGreaterThan(before)).toPass();
  await page.locator("#explore-stop").click();
});

test("a limit is said in honest words, and can be raised", async ({ page }) => {
  await openApp(page);
  await openScript(page, "world 2pc participants=3");
  await openExplorer(page);
  await ask(page, "two nodes decide differently?");
  await more(page, "drops");
  await page.getByText("More bounds").click();
  await page.getByLabel("Worlds, at most").selectOption("100,000");
  await begin(page);
  await expect(page.locator(".verdict")).toHaveText(/^Stopped at 1\d\d,\d{3} worlds: not a proof\.$/, { timeout: 30_000 });
  await page.getByRole("button", { name: /^Go on, up to 400,000 worlds/ }).click();
  await expect(page.locator(".worlds")).toContainText(/^[2-9]\d\d,\d{3}/, { timeout: 30_000 });
});

test("a worker that does not arrive is told, and another try brings it", async ({ page, complaints }) => {
  let broken = true;
  await page.route("**/explore.js?*", (route) => (broken ? route.abort() : route.continue()));
  await openApp(page);
  await page.keyboard.press("n");
  await openExplorer(page);
  await expect(answer(page).getByRole("alert")).toContainText("did not arrive");
  await begin(page);
  await expect(answer(page).getByRole("alert"), "asking tries again").toContainText("did not arrive");
  await page.waitForTimeout(500);
  broken = false;
  await answer(page).getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("#explore-open")).toBeVisible({ timeout: 20_000 });
  await expect(page.getByRole("alert")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(page.locator(".where"), "the run is still there").toContainText("Moment 1");
  complaints.length = 0;
});

test("a worker that dies leaves question and run, and a new one answers", async ({ page }) => {
  await page.addInitScript(() => {
    const Plain = window.Worker;
    window.Worker = class extends Plain {
      constructor(...all) {
        super(...all);
        window.worker = this;
      }
    };
  });
  await openApp(page);
  await startBigSearch(page);
  await page.evaluate(() => window.worker.dispatchEvent(new ErrorEvent("error", { message: "out of memory" })));
  await expect(answer(page).getByRole("alert")).toContainText("The search broke off");
  await expect(answer(page).getByRole("alert")).toContainText("out of memory");
  await answer(page).getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("#explore-stop")).toBeVisible();
  await expect(page.locator(".worlds")).toContainText(/[1-9]\d,\d{3} worlds looked at/);
  await page.locator("#explore-stop").click();
});

test("another question is searched beside one that takes long", async ({ page }) => {
  // Whatever this machine has: on one processor two workers only take turns.
  await page.addInitScript(() => Object.defineProperty(navigator, "hardwareConcurrency", { get: () => 2 }));
  await openApp(page);
  await startBigSearch(page, "100,000,000");
  await expect(page.locator("#explore-beside")).toHaveCount(0);
  await ask(page, "any node is blocked?");
  await page.locator("#explore-beside").click();
  await expect(page.locator(".verdict")).toContainText("Yes, there is.");
  expect(page.workers().length).toBe(2);
  const other = page.locator(".before .asked").first();
  await expect(other).toContainText("worlds so far");
  const told = await other.textContent();
  await expect(other, "it goes on").not.toHaveText(told);
  await other.getByRole("button", { name: "Stop" }).click();
  await expect(other).toContainText("Stopped by you");
  await expect.poll(() => page.workers().length, { message: "its worker is let go" }).toBe(1);
  await checkAxe(page);
});

test("a worker that ends without a word is missed", async ({ page }) => {
  await openApp(page);
  await startBigSearch(page);
  await page.workers()[0].evaluate(() => self.close());
  await expect(page.getByRole("alert")).toContainText("The search broke off", { timeout: 20_000 });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.locator("#explore-stop")).toBeVisible();
  await expect(page.locator(".worlds")).toContainText("looked at");
  await page.locator("#explore-stop").click();
});

test("on a phone it is one column: question, faults, run, answer", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openApp(page);
  await openExplorer(page);
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  await begin(page);
  await expect(page.locator("#explore-open")).toBeInViewport();
  await checkAxe(page);
});

test("one key searches, with the question as it is set", async ({ page }) => {
  await openApp(page, "?nodemo");
  await page.keyboard.press("c");
  await expect(page.locator(".answer h1")).toBeVisible();
  await page.keyboard.press("e");
  await expect(page.locator("h1.say")).toBeVisible();
});
