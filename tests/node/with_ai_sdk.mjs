// What Vercel's AI SDK says. Usage: node with_ai_sdk.mjs URL_OF_OPENAI URL_OF_DEEPSEEK

import { createDeepSeek } from "@ai-sdk/deepseek";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { APICallError, embedMany, generateObject, generateText, Output, stepCountIs, streamObject, streamText, tool } from "ai";
import { z } from "zod";

import { all, tell } from "./claims.mjs";

globalThis.AI_SDK_LOG_WARNINGS = false;

const [openai, deepseek] = process.argv.slice(2);
const compatible = (apiKey, baseURL) =>
  createOpenAICompatible({
    name: "mock",
    apiKey,
    baseURL,
    includeUsage: true,
    supportsStructuredOutputs: baseURL === openai,
  });

// Each way to a model of chat: of OpenAI's two APIs, of whatever is compatible, of DeepSeek's.
const MODELS = {
  chat: (apiKey) => createOpenAI({ apiKey, baseURL: openai }).chat("gpt-4o-mini"),
  chat_reasoning: (apiKey) => createOpenAI({ apiKey, baseURL: openai }).chat("gpt-5"),
  responses: (apiKey) => createOpenAI({ apiKey, baseURL: openai }).responses("gpt-4o-mini"),
  responses_reasoning: (apiKey) => createOpenAI({ apiKey, baseURL: openai }).responses("gpt-5"),
  compatible: (apiKey) => compatible(apiKey, openai)("gpt-4o-mini"),
  compatible_deepseek: (apiKey) => compatible(apiKey, deepseek)("deepseek-chat"),
  deepseek: (apiKey) => createDeepSeek({ apiKey, baseURL: deepseek })("deepseek-chat"),
  deepseek_reasoning: (apiKey) => createDeepSeek({ apiKey, baseURL: deepseek })("deepseek-reasoner"),
};

const Forecast = z.object({ city: z.string(), sky: z.enum(["clear", "cloudy"]), degrees: z.array(z.number().int()) });
const tools = {
  get_weather: tool({
    description: "The weather in a city",
    inputSchema: z.object({ city: z.string() }),
    execute: async ({ city }) => `17 degrees in ${city}`,
  }),
};
const hello = { prompt: "Say hello", maxRetries: 0 };
const weather = { prompt: "What is the weather in Paris?", maxRetries: 0 };

const ASKS = {
  async text(model) {
    const { text, finishReason, usage } = await generateText({ model, ...hello });
    return [text, finishReason, usage.totalTokens > 0];
  },

  async stream(model) {
    const result = streamText({ model, ...hello });
    const parts = await all(result.textStream);
    return [parts.join(""), await result.finishReason, (await result.usage).totalTokens > 0, parts.length > 5];
  },

  async loop(model) {
    const { text, steps } = await generateText({ model, ...weather, tools, stopWhen: stepCountIs(5) });
    return [text, steps.map(({ finishReason }) => finishReason)];
  },

  async stream_loop(model) {
    const result = streamText({ model, ...weather, tools, stopWhen: stepCountIs(5) });
    return [await result.text, (await result.steps).map(({ finishReason }) => finishReason)];
  },

  async object(model) {
    return (await generateObject({ model, ...weather, schema: Forecast })).object;
  },

  async stream_object(model) {
    const result = streamObject({ model, ...weather, schema: Forecast });
    return [(await all(result.partialObjectStream)).length > 1, await result.object];
  },

  async output(model) {
    return (await generateText({ model, ...weather, output: Output.object({ schema: Forecast }) })).output;
  },
};

const own = {
  async embed_many(key) {
    const model = createOpenAI({ apiKey: key, baseURL: openai }).embeddingModel("text-embedding-3-small");
    const { embeddings } = await embedMany({ model, values: ["one", "two", "three"], maxRetries: 0 });
    return embeddings.map(({ length }) => length);
  },

  async embed_many_compatible(key) {
    const model = compatible(key, openai).embeddingModel("text-embedding-3-small");
    const { embeddings } = await embedMany({ model, values: ["one", "two", "three"], maxRetries: 0 });
    return embeddings.map(({ length }) => length);
  },

  async reasoning_responses(key) {
    const model = MODELS.responses_reasoning(key);
    const providerOptions = { openai: { reasoningSummary: "auto" } };
    const { reasoningText, text } = await generateText({ model, ...hello, providerOptions });
    return [reasoningText, text];
  },

  async reasoning_deepseek(key) {
    const { reasoningText, text } = await generateText({ model: MODELS.deepseek_reasoning(key), ...hello });
    return [reasoningText, text];
  },

  async reasoning_deepseek_streamed(key) {
    const result = streamText({ model: MODELS.deepseek_reasoning(key), ...hello });
    return [await result.reasoningText, await result.text];
  },

  async reasoning_compatible(key) {
    const { reasoningText, text } = await generateText({ model: compatible(key, deepseek)("deepseek-reasoner"), ...hello });
    return [reasoningText, text];
  },

  async object_without_the_word(key) {
    try {
      await ASKS.object(MODELS.compatible_deepseek(key));
    } catch (error) {
      return error.message;
    }
  },

  async refused(key) {
    try {
      await generateText({ model: createOpenAI({ apiKey: key, baseURL: openai })("gqt-4o"), ...hello });
    } catch (error) {
      return [APICallError.isInstance(error), error.statusCode, error.message.includes("gqt-4o")];
    }
  },

  async refused_deepseek(key) {
    try {
      await generateText({ model: createDeepSeek({ apiKey: key, baseURL: deepseek })("gpt-4o"), ...hello });
    } catch (error) {
      return [APICallError.isInstance(error), error.statusCode, error.message];
    }
  },
};

for (const [name, ask] of Object.entries(ASKS)) {
  for (const [kind, model] of Object.entries(MODELS)) own[`${name}-${kind}`] = (key) => ask(model(key));
}
await tell(own);
