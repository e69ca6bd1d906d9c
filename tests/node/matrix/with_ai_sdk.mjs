// What Vercel's AI SDK makes of each profile as one that is like OpenAI, and with the packages that providers have.

import { createAlibaba } from "@ai-sdk/alibaba";
import { createCerebras } from "@ai-sdk/cerebras";
import { createDeepSeek } from "@ai-sdk/deepseek";
import { createFireworks } from "@ai-sdk/fireworks";
import { createGroq } from "@ai-sdk/groq";
import { createMistral } from "@ai-sdk/mistral";
import { createMoonshotAI } from "@ai-sdk/moonshotai";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createPerplexity } from "@ai-sdk/perplexity";
import { createTogetherAI } from "@ai-sdk/togetherai";
import { createXai } from "@ai-sdk/xai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { generateText, Output, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

import { FORECAST, Forecast, getWeather, HELLO, tell, thinking, TURNS, WEATHER } from "./asking.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

// tests/clients/matrix/plan.py lists those that have one.
const OWN = {
  "cerebras-like": createCerebras,
  "deepseek-like": createDeepSeek,
  "fireworks-like": createFireworks,
  "groq-like": createGroq,
  "kimi-like": createMoonshotAI,
  "mistral-like": createMistral,
  openai: createOpenAI,
  "openrouter-like": createOpenRouter,
  "perplexity-like": createPerplexity,
  "qwen-like": createAlibaba,
  "together-like": createTogetherAI,
  "xai-like": createXai,
};
const compatible = (options) =>
  createOpenAICompatible({ name: "mock", includeUsage: true, supportsStructuredOutputs: true, ...options });

function model(way) {
  const create = way.client === "ai-sdk-own" ? OWN[way.profile] : compatible;
  return create({ apiKey: way.key, baseURL: way.base_url })(way.model);
}

const tools = {
  get_weather: tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: async (given) => getWeather(given),
  }),
};
const weather = (way) => ({ model: model(way), prompt: WEATHER, maxRetries: 0, tools, stopWhen: stepCountIs(TURNS) });
const hello = (way) => ({ model: model(way), prompt: HELLO, maxRetries: 0 });

// A stream does not throw what goes wrong; whoever reads it to its end does.
async function streamed(asked) {
  let wrong;
  const result = streamText({ ...asked, onError: ({ error }) => (wrong ??= error) });
  const texts = [];
  for await (const text of result.textStream) texts.push(text);
  if (wrong !== undefined) throw wrong;
  return [result, texts];
}

const calls = (steps) => steps.flatMap(({ toolCalls }) => toolCalls.map(({ toolName, input }) => [toolName, input]));

await tell({
  async chat(way) {
    return { text: (await generateText(hello(way))).text };
  },

  async stream(way) {
    const [, texts] = await streamed(hello(way));
    return { text: texts.join(""), pieces: texts.length };
  },

  async tools(way) {
    const { text, steps } = await generateText(weather(way));
    return { called: calls(steps), text };
  },

  async tools_streamed(way) {
    const [result] = await streamed(weather(way));
    return { called: calls(await result.steps), text: await result.text };
  },

  async structured(way) {
    const output = Output.object({ schema: Forecast });
    return { object: (await generateText({ ...hello(way), prompt: FORECAST, output })).output };
  },

  async reasoning(way) {
    const { reasoningText, text } = await generateText(hello(thinking(way)));
    return { reasoning: reasoningText ?? null, text };
  },

  async reasoning_streamed(way) {
    const [result] = await streamed(hello(thinking(way)));
    return { reasoning: (await result.reasoningText) ?? null, text: await result.text };
  },
});
