// Nothing overlaps, is cut off without a way to read it, is too small to press, or makes the page scroll
// sideways: at every width, in both languages, with text of the usual and of twice the
// size, and with the spacing that readers may ask for (WCAG 1.4.12).

import { expect, openApp, test } from "./app.mjs";

const SIZES = [
  [1440, 900],
  [1100, 800],
  [768, 1024],
  [390, 844],
];

const WINDOWS = [
  [1440, 900],
  [1366, 768],
  [1100, 800],
  [768, 1024],
  [390, 844],
];

/** A state and how to get there from the opening page. */
const STATES = [
  ["opening", async () => {}],
  ["in doubt", async (page) => { for (let i = 0; i < 4; i++) await page.keyboard.press("n"); }],
  ["blocked", async (page) => { await page.locator(".tale").first().click(); }],
  ["settings", async (page) => { await page.keyboard.press(","); }],
  ["share", async (page) => { await page.keyboard.press("n"); await page.keyboard.press("s"); }],
  ["help", async (page) => { await page.keyboard.press("?"); }],
];

for (const [width, height] of SIZES) {
  for (const locale of ["en", "zh-CN"]) {
    for (const text of [16, 32, "spaced"]) {
      test.describe(`${width} wide, ${locale}, text ${text}`, () => {
        test.use({ viewport: { width, height }, locale });
        test("everything has its place", async ({ page, context, browserName }) => {
          if (text === 32) {
            test.skip(browserName !== "chromium", "only Chromium lets a test set the size of letters");
            // What a reader sets in the browser: rem follows it, and so do media queries in em.
            const session = await context.newCDPSession(page);
            await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 32 } });
          }
          const found = [];
          for (const [name, prepare] of STATES) {
            await openApp(page);
            await prepare(page);
            if (text === "spaced") await page.evaluate(space);
            await page.waitForTimeout(250);
            found.push(...(await page.evaluate(look)).map((what) => `${name}: ${what}`));
          }
          expect(found, "what is out of its place").toEqual([]);
        });
      });
    }
  }
}

for (const [width, height] of WINDOWS) {
  test.describe(`${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("the button that crashes is in sight, however long the list above it", async ({ page }) => {
      await openApp(page, "?nodemo");
      for (let i = 0; i < 3; i++) await page.keyboard.press("n");
      if (width < 640) await page.locator(".sheet-grip").click();
      // The list follows when the keys have come to rest.
      await expect(page.locator(".moves")).toContainText("yes from P2 to C");
      await page.locator(".moves .snip").first().click();
      // What C has in memory only is named where it would be lost.
      await expect(page.locator(".cut.here .gone")).toContainText("vote timer");
      for (const button of [page.getByRole("button", { name: "Crash C here" }), page.locator(".scissors-acts .btn").last()]) {
        await expect(button).toBeInViewport({ ratio: 1 });
        // Not under the history, which lies over what scrolls.
        await button.click({ trial: true });
      }
    });

    test("how a node stands is said whole", async ({ page }) => {
      const cut = () => page.locator(".cards .badge .words, .cards .badge .long, .cards .badge .short, .cards .row.last .words").evaluateAll((all) => {
        const less = (e) => e.clientWidth > 0 && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 2);
        return all.filter(less).map((e) => e.textContent);
      });
      for (const tale of [0, 1, 2]) {
        await openApp(page, "?nodemo");
        await page.locator(".tale").nth(tale).click();
        await expect(page.locator(".where")).toBeVisible();
        expect(await cut(), `tale ${tale + 1}`).toEqual([]);
      }
      await openApp(page, "?nodemo");
      for (let i = 0; i < 14; i++) {
        await page.keyboard.press("n");
        expect(await cut(), `moment ${i + 1}`).toEqual([]);
      }
    });
  });
}

// On a phone it is a page of its own, and takes nothing from the figure: time.spec.mjs.
for (const [width, height] of WINDOWS.filter(([width]) => width >= 640)) {
  test.describe(`${width} by ${height}`, () => {
    test.use({ viewport: { width, height } });

    test("the history leaves the figure its room", async ({ page }) => {
      await openApp(page, "?nodemo");
      await page.locator(".tale").first().click();
      const strip = await page.locator(".past").boundingBox();
      expect(strip.height, "with one branch").toBeLessThan(width < 960 ? 112 : 78);
      const scrub = await page.locator(".scrub").boundingBox();
      expect(scrub.width, "the slider").toBeGreaterThan(300);
      await page.keyboard.press("ArrowLeft");
      await page.keyboard.press("2");
      await expect(page.locator(".branches li")).toHaveCount(2);
      // The other branch is drawn, however low the window.
      await expect(page.locator(".tree .side")).toHaveCount(1);
      const both = await page.locator(".past").boundingBox();
      expect(both.height, "with two").toBeLessThan(height < 820 ? 90 : 160);
    });
  });
}

test.describe("400 % of a small window", () => {
  test.use({ viewport: { width: 360, height: 225 } });
  test("leaves most of it to what is read", async ({ page }) => {
    await openApp(page, "?nodemo");
    await page.locator(".tale").first().click();
    const fixed = await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight / 2);
      const stays = [...document.querySelectorAll("body *")].filter((e) => ["fixed", "sticky"].includes(getComputedStyle(e).position));
      const own = stays.filter((e) => !e.closest(".canvas") && e.checkVisibility());
      return own.map((e) => e.getBoundingClientRect()).filter((r) => r.top < innerHeight && r.bottom > 0).reduce((sum, r) => sum + r.height, 0);
    });
    expect(fixed).toBeLessThan(70);
  });
});

test.describe("colours of the system's own", () => {
  test.use({ viewport: { width: 1440, height: 900 } });
  test("what is chosen, current or covering is told apart without ours", async ({ page }) => {
    await page.emulateMedia({ forcedColors: "active" });
    await openApp(page, "?nodemo");
    await page.locator(".tale").first().click();
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("2");
    const style = (selector, property) => page.locator(selector).first().evaluate((e, p) => getComputedStyle(e)[p], property);
    const page_ = await style("body", "color");
    expect(await style(".transport .play", "backgroundColor"), "play").toBe(await style(".opt.go", "backgroundColor"));
    expect(await style(".transport .play", "backgroundColor")).not.toBe(await style(".transport .pick:not(.play)", "backgroundColor"));
    expect(await style(".heads", "backgroundColor"), "cards over the drawing").not.toBe("rgba(0, 0, 0, 0)");
    expect(await style(".branches [aria-current]", "outlineStyle"), "the current branch").toBe("solid");
    expect(await style(".bead:not(.here, .you)", "stroke"), "the path").toBe(page_);
    expect(await style(".tool .ico", "color"), "icons").toBe(await style(".tool", "color"));
  });
});

/** Runs in the page: sets text as wide apart as a reader may. */
function space() {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`:not(svg, svg *) { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; }
    p { margin-bottom: 2em !important; }`);
  document.adoptedStyleSheets = [sheet];
}

/** Runs in the page: everything about the layout that nobody should see. */
function look() {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > innerWidth + 1) found.push(`the page scrolls sideways: ${root.scrollWidth} > ${innerWidth}`);
  const top = document.querySelector("dialog[open]") ?? document.body;
  const name = (e) => {
    const words = (e.getAttribute("aria-label") || e.textContent || "").trim().replace(/\s+/g, " ").slice(0, 40);
    return `<${e.tagName.toLowerCase()} class="${e.getAttribute("class") ?? ""}"> ${words}`;
  };
  const seen = (e) => {
    const at = e.getBoundingClientRect();
    return at.width > 0 && at.height > 0 && e.checkVisibility({ visibilityProperty: true, opacityProperty: true, contentVisibilityAuto: true });
  };

  // Text that is cut off, and no other way to read it.
  for (const e of top.querySelectorAll("*")) {
    if (e.closest("svg, .sr, textarea, input, select") || !seen(e)) continue;
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own) continue;
    const style = getComputedStyle(e);
    const hidden = ["hidden", "clip"].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1;
    const said = e.closest("[title], [aria-label]:not(section):not(nav):not(main):not(div):not(ul):not(ol):not(dialog)");
    if (hidden && style.textOverflow !== "ellipsis" && !said) found.push(`cut off: ${name(e)}`);
    // Not even an ellipsis helps where nothing can be read.
    if (hidden && e.clientWidth < 12) found.push(`nothing left of ${name(e)}`);
    const at = e.getBoundingClientRect();
    // What is scrolled away can be scrolled back.
    const scrolls = e.closest(".canvas, .branches, .scroll, .drawer-pane, .dialog-body, pre");
    if (!scrolls && (at.right > innerWidth + 1 || at.left < -1)) found.push(`beyond the edge: ${name(e)}`);
  }

  // Things to press: large enough, and not on top of each other.
  /** As much of a box as its scrolling surroundings and the window show. */
  const visible = (e, box) => {
    let { left, top, right, bottom } = box;
    const cut = (by) => {
      [left, top] = [Math.max(left, by.left), Math.max(top, by.top)];
      [right, bottom] = [Math.min(right, by.right), Math.min(bottom, by.bottom)];
    };
    cut({ left: 0, top: 0, right: innerWidth, bottom: innerHeight });
    for (let around = e; around && getComputedStyle(around).position !== "fixed"; around = around.parentElement) {
      if (around !== e && getComputedStyle(around).overflowY !== "visible") cut(around.getBoundingClientRect());
    }
    return left < right && top < bottom ? { left, top, right, bottom, width: right - left, height: bottom - top } : null;
  };
  const press = [...top.querySelectorAll("button, a[href], input, select, textarea, summary, [role=separator], [tabindex='0']")];
  const boxes = [];
  for (const e of press) {
    if (!seen(e) || e.closest("svg, .sr") || e.matches(".dialog-body, .drawer-pane, .canvas, h1, h2, h3")) continue;
    let target = e;
    // A label is as good a target as what it labels.
    if (e.matches("input[type=radio], input[type=checkbox]") && e.closest("label")) target = e.closest("label");
    const at = target.getBoundingClientRect();
    const least = 24;
    const inline = getComputedStyle(e).display === "inline";
    if (!inline && !e.matches("input:not([type=radio]):not([type=checkbox]), textarea") && (at.width < least - 0.5 || at.height < least - 0.5)) {
      found.push(`too small, ${Math.round(at.width)} x ${Math.round(at.height)}: ${name(e)}`);
    }
    const shown = visible(target, at);
    if (shown) boxes.push([e, shown]);
  }
  for (let i = 0; i < boxes.length; i++) {
    for (let j = i + 1; j < boxes.length; j++) {
      const [[a, p], [b, q]] = [boxes[i], boxes[j]];
      if (a.contains(b) || b.contains(a) || (a.closest("label") && a.closest("label") === b.closest("label"))) continue;
      const w = Math.min(p.right, q.right) - Math.max(p.left, q.left);
      const h = Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top);
      if (w <= 2 || h <= 2) continue;
      // Meant to lie on a larger one, in a place that is kept free.
      if (a.matches(".opt") && b.matches(".snip")) continue;
      // Where the page scrolls as a whole, what lies under a bar that stays can be scrolled out from under it.
      const bar = (e) => e.closest(".bottom, .past");
      if (root.scrollHeight > innerHeight + 1 && bar(a) !== bar(b)) continue;
      // One of them is scrolled out of sight, or lies under a sheet that covers it.
      const at = (r) => document.elementFromPoint(r.left + r.width / 2, r.top + r.height / 2);
      const shows = (e, r) => { const hit = at(r); return hit && (e.contains(hit) || hit.closest("label")?.contains(e)); };
      if (!shows(a, p) || !shows(b, q)) continue;
      found.push(`${name(a)} and ${name(b)} overlap by ${Math.round(w)} x ${Math.round(h)}`);
    }
  }
  return found;
}

for (const [width, height] of SIZES) {
  test.describe(`${width} wide, letters twice as large`, () => {
    test.use({ viewport: { width, height } });
    test("a run that is opened begins with its sentence", async ({ page, context, browserName }) => {
      test.skip(browserName !== "chromium", "only Chromium lets a test set the size of letters");
      const session = await context.newCDPSession(page);
      await session.send("Page.setFontSizes", { fontSizes: { standard: 32, fixed: 32 } });
      await openApp(page, "?nodemo");
      const tale = page.locator(".tale").first();
      await tale.scrollIntoViewIfNeeded();
      await tale.focus();
      await page.keyboard.press("Enter");
      await expect(page.locator(".stage.closed")).toHaveCount(0);
      await expect(page.locator("h1.say")).toBeInViewport();
      await expect(page.locator("h1.say")).toBeFocused();
    });
  });
}

for (const [width, height] of SIZES.slice(1)) {
  test.describe(`narrow cards, ${width} wide`, () => {
    test.use({ viewport: { width, height } });
    test("say what is voted, written, locked and timed", async ({ page }) => {
      await openApp(page, "?nodemo");
      for (let i = 0; i < 4; i++) await page.keyboard.press("n");
      const card = (name) => page.locator(".cards .node", { has: page.getByRole("heading", { name, exact: true }) });
      await expect(card("C").getByRole("img", { name: "1 of 2 votes" })).toBeVisible();
      await expect(card("C").locator(".signs .timer")).toBeVisible();
      await expect(card("P1").getByRole("img", { name: /Log: prepared/ })).toBeVisible();
      await expect(card("P1").getByRole("img", { name: /A is locked since moment/ })).toBeVisible();
      // The menu is there to be seen.
      await expect(card("P1").locator(".dots span")).toBeVisible();
    });
  });
}
