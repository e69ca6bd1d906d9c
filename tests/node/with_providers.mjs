// What the AI SDK's own packages for providers say. Usage: node with_providers.mjs URL_OF_DEEPSEEK URL_OF_GROQ
// URL_OF_MISTRAL URL_OF_XAI URL_OF_OPENROUTER URL_OF_TOGETHER URL_OF_CEREBRAS URL_OF_QWEN URL_OF_GLM

import { createDeepSeek } from "@ai-sdk/deepseek";
import { createGroq } from "@ai-sdk/groq";
import { createMistral } from "@ai-sdk/mistral";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { createXai } from "@ai-sdk/xai";
import { createOpenRouter } from "@openrouter/ai-sdk-provider";
import { generateText, stepCountIs, streamText, tool } from "ai";
import { z } from "zod";

import { all, tell } from "./claims.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

const [deepseek, groq, mistral, xai, openrouter, together, cerebras, qwen, glm] = process.argv.slice(2);
const compatible = (options) => createOpenAICompatible({ name: "mock", includeUsage: true, ...options });

// How a provider's models are made, where it is, a model that answers at once, and one that thinks. xAI's package speaks
// the Responses API only.
const PROVIDERS = {
  deepseek: [createDeepSeek, deepseek, "deepseek-chat", "deepseek-reasoner"],
  groq: [createGroq, groq, "llama-3.3-70b-versatile", "openai/gpt-oss-120b"],
  mistral: [createMistral, mistral, "mistral-large-2512", "magistral-medium-latest"],
  xai: [createXai, xai, "grok-4.20-non-reasoning", "grok-4.5"],
  openrouter: [createOpenRouter, openrouter, "openai/gpt-4o-mini", "anthropic/claude-opus-5"],
  compatible_xai: [compatible, xai, "grok-4.20-non-reasoning", "grok-3-mini"],
  compatible_together: [compatible, together, "meta-llama/Llama-3.3-70B-Instruct-Turbo", "openai/gpt-oss-120b"],
  compatible_cerebras: [compatible, cerebras, "gemma-4-31b", "gpt-oss-120b"],
  compatible_qwen: [compatible, qwen, "qwen3-coder-plus", "qwen3.7-plus"],
  compatible_glm: [compatible, glm, "glm-4-plus", "glm-5.3"],
};

const tools = {
  get_weather: tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `17 degrees in ${city}`,
  }),
};
const hello = { prompt: "Say hello", maxRetries: 0 };
const weather = { prompt: "What is the weather in Paris?", maxRetries: 0, tools, stopWhen: stepCountIs(5) };

const ASKS = {
  async text(model) {
    const { text, finishReason, usage } = await generateText({ model, ...hello });
    return [text, finishReason, usage.totalTokens > 0];
  },

  async stream(model) {
    const result = streamText({ model, ...hello });
    const parts = await all(result.textStream);
    return [parts.join(""), await result.finishReason, (await result.usage).totalTokens > 0];
  },

  async loop(model) {
    const { text, steps } = await generateText({ model, ...weather });
    return [text, steps.map(({ finishReason }) => finishReason)];
  },

  async stream_loop(model) {
    const result = streamText({ model, ...weather });
    return [await result.text, (await result.steps).map(({ finishReason }) => finishReason)];
  },

  async reasoning(_, model) {
    const { reasoningText, text } = await generateText({ model, ...hello });
    return [reasoningText, text];
  },

  async stream_reasoning(_, model) {
    const result = streamText({ model, ...hello });
    return [await result.reasoningText, await result.text];
  },

  async reasoning_loop(_, model) {
    const { text, steps } = await generateText({ model, ...weather });
    return [text, steps.map(({ finishReason }) => finishReason)];
  },
};

const own = {};
for (const [name, [create, baseURL, plain, thinking]] of Object.entries(PROVIDERS)) {
  for (const [claim, ask] of Object.entries(ASKS)) {
    own[`${claim}-${name}`] = (apiKey) => {
      const provider = create({ apiKey, baseURL });
      return ask(provider(plain), provider(thinking));
    };
  }
}
await tell(own);
