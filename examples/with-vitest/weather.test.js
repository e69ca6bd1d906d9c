import { createDeepSeek } from "@ai-sdk/deepseek";
import { createOpenAI } from "@ai-sdk/openai";
import { expect, test } from "vitest";

import { ask } from "./weather.js";

// `mockprovider run` sets both. A key of its own for each test keeps their requests apart in the journal.
const baseURL = process.env.OPENAI_BASE_URL;
const mock = new URL(baseURL).origin;
const question = "What is the weather in Paris?";

async function statuses(apiKey) {
  const { entries } = await (await fetch(`${mock}/-/journal?key=${apiKey}`)).json();
  return entries.map(({ status }) => status);
}

test("DeepSeek refuses the agent with OpenAI's package, which forgets the reasoning", async () => {
  const { chat } = createOpenAI({ baseURL, apiKey: "sk-mock-forgets" });
  await expect(ask(chat("deepseek-v4-flash"), question)).rejects.toThrow(/`reasoning_content`.*must be passed back/);
  expect(await statuses("sk-mock-forgets")).toEqual([200, 400]);
});

test("DeepSeek answers the agent with its own package, which gives the reasoning back", async () => {
  const deepseek = createDeepSeek({ baseURL, apiKey: "sk-mock-remembers" });
  expect(await ask(deepseek("deepseek-v4-flash"), question)).toContain("17 degrees in Paris");
  expect(await statuses("sk-mock-remembers")).toEqual([200, 200]);
});
