// One browser, one tab. Requests are lines of JSON, answers too:
//   {"do": "open", "url", "scheme", "width", "height", "script"}   a fresh context; → {"status"}
//   {"do": "press", "keys": ["Tab", …]}                            → {}
//   {"do": "follow", "key"}                                        the key leads to another page; → {}
//   {"do": "evaluate", "code"}                                     → {"value"}
//   {"do": "clipboard"}                                            → {"value"}
//   {"do": "complaints"}                                           what the page logged, threw, was refused or did not get; → {"value": […]}
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const browser = await chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox", "--disable-gpu"] });
let page;
let complaints = [];

async function open({ url, scheme = "light", width = 1280, height = 900, script = true }) {
  await page?.context().close();
  complaints = [];
  const context = await browser.newContext({ colorScheme: scheme, viewport: { width, height }, javaScriptEnabled: script });
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: new URL(url).origin });
  page = await context.newPage();
  page.on("console", message => complaints.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", error => complaints.push(`error: ${error.message}`));
  page.on("requestfailed", request => complaints.push(`failed: ${request.url()}`));
  return { status: (await page.goto(url)).status() };
}

async function press({ keys }) {
  for (const key of keys)
    await page.keyboard.press(key);
  return {};
}

async function follow({ key }) {
  await Promise.all([page.waitForNavigation(), page.keyboard.press(key)]);
  return {};
}

const actions = {
  open,
  press,
  follow,
  evaluate: async ({ code }) => ({ value: await page.evaluate(code) ?? null }),
  clipboard: async () => ({ value: await page.evaluate("navigator.clipboard.readText()") }),
  complaints: async () => ({ value: complaints }),
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = await actions[request.do](request);
  } catch (error) {
    answer = { error: `${request.do}: ${error.message}` };
  }
  process.stdout.write(JSON.stringify(answer) + "\n");
}
await browser.close();
