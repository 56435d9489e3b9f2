import { describe, expect, it } from "vitest";
import { z } from "zod";
import { isLocalHost, normalBaseUrl } from "../../../pipelines/llm/base-url.ts";
import { describeModel, keyOf, modelConfig, modelsSchema, readModels } from "../../../pipelines/llm/models.ts";
import { processorTime } from "../../support/processor-time.ts";

const config = readModels(
  {
    small: { model: "Qwen/Qwen3-8B", baseUrl: "http://gpu-box:8000", temperature: 0, maxTokens: 800, concurrency: 64, param: { top_k: 20 } },
    large: { model: "gpt-4.1", keyVariable: "WORK_KEY", rpm: 500, tpm: 200_000, timeout: 120, reasoningEffort: "low", price: { input: 1, output: 4 } },
  },
  "lumos.config.json",
);

describe("the model of a name", () => {
  it("is a model id where the configuration has no such entry", () => {
    expect(modelConfig("gpt-4o-mini", { config, env: {} })).toEqual({
      name: "gpt-4o-mini",
      model: "gpt-4o-mini",
      baseUrl: "https://api.openai.com/v1",
      keyVariable: "OPENAI_API_KEY",
      price: { input: 0.15, cachedInput: 0.075, output: 0.6 },
      maxOutput: 16_384,
      concurrency: 8,
      rpm: null,
      tpm: null,
      timeoutSeconds: 600,
      parameters: {},
    });
  });

  it("is an entry of the configuration, with all that it says", () => {
    expect(modelConfig("large", { config, env: { OPENAI_BASE_URL: "" } })).toMatchObject({
      name: "large",
      model: "gpt-4.1",
      keyVariable: "WORK_KEY",
      price: { input: 1, cachedInput: 1, output: 4 },
      maxOutput: 32_768,
      rpm: 500,
      tpm: 200_000,
      timeoutSeconds: 120,
      parameters: { reasoning_effort: "low" },
    });
  });

  it("takes flags before the entry, and the entry before defaults", () => {
    const model = modelConfig("small", {
      config,
      flags: { baseUrl: "http://localhost:1234/v1/", concurrency: 2, temperature: 0.7, param: { top_k: 5, seed: 1 } },
      defaults: { concurrency: 16, maxTokens: 100, timeout: 30 },
      env: { OPENAI_BASE_URL: "https://elsewhere.example/v1" },
    });
    expect(model).toMatchObject({ baseUrl: "http://localhost:1234/v1", concurrency: 2, timeoutSeconds: 30 });
    expect(model.parameters).toEqual({ temperature: 0.7, max_tokens: 800, top_k: 5, seed: 1 });
  });

  it("costs nothing on one's own machines unless told, and is of unknown price elsewhere", () => {
    expect(modelConfig("small", { config, env: {} }).price).toEqual({ input: 0, cachedInput: 0, output: 0 });
    expect(modelConfig("gpt-4o-mini", { flags: { baseUrl: "http://localhost:4000" }, env: {} }).price?.input).toBe(0);
    expect(modelConfig("x", { config: { x: { price: { input: 2, output: 3 }, baseUrl: "http://127.0.0.1:1/v1" } }, env: {} }).price?.output).toBe(3);
    expect(modelConfig("gpt-4o-mini", { env: { OPENAI_BASE_URL: "https://proxy.example.com/v1" } }).price).toBeNull();
  });

  it.each(["__proto__", "constructor", "toString"])("called '%s' is no entry", (name) => {
    expect(modelConfig(name, { config, env: {} }).model).toBe(name);
  });

  it("refuses parameters that the program sets itself", () => {
    expect(() => modelConfig("m", { flags: { param: { stream: true } }, env: {} })).toThrow("Parameter 'stream' can't be set");
  });
});

describe("the key", () => {
  const env = { WORK_KEY: " sk-secret-1 ", OPENAI_API_KEY: "sk-secret-2" };

  it("is read from the model's variable when it is used, and is in nothing that is stored", () => {
    const large = modelConfig("large", { config, env });
    expect(keyOf(large, env)).toBe("sk-secret-1");
    expect(keyOf(modelConfig("gpt-4o", { env }), env)).toBe("sk-secret-2");
    expect(JSON.stringify(describeModel(large))).not.toContain("sk-secret");
    expect(describeModel(large)).toMatchObject({ model: "gpt-4.1", keyVariable: "WORK_KEY", price: { output: 4 } });
  });

  it("may be missing where the endpoint is not that of a provider", () => {
    expect(keyOf(modelConfig("small", { config, env: {} }), {})).toBeNull();
    expect(() => keyOf(modelConfig("large", { config, env: {} }), { OPENAI_API_KEY: "sk-secret-2" })).toThrowErrorMatchingInlineSnapshot(
      `[LumosError: No WORK_KEY is set for model 'large' at https://api.openai.com/v1: export it, or name another endpoint with --base-url URL.]`,
    );
  });
});

describe("a mistake in the configured models", () => {
  const problem = (value: unknown): string => {
    try {
      readModels(value, "lumos.config.json");
    } catch (error) {
      return String(error);
    }
    return "none";
  };

  it.each([
    [{ small: { modle: "x" } }, "LumosError: lumos.config.json: unknown key 'models.small.modle': did you mean 'model'?"],
    [{ small: { base_url: "x" } }, "LumosError: lumos.config.json: unknown key 'models.small.base_url': did you mean 'baseUrl'?"],
    [{ small: { price: { input: 1, output: 2, cached_input: 1 } } }, "LumosError: lumos.config.json: unknown key 'models.small.price.cached_input': did you mean 'cachedInput'?"],
    [{ small: { price: { input: -1, output: 2 } } }, "LumosError: lumos.config.json: models.small.price.input can't be used: too small: expected number to be >=0."],
    [{ small: { concurrency: "8" } }, "LumosError: lumos.config.json: models.small.concurrency can't be used: invalid input: expected number, received string."],
    [["small"], "LumosError: lumos.config.json: models can't be used: invalid input: expected record, received array."],
  ])("%j is named with its place", (value, message) => {
    expect(problem(value)).toBe(message);
  });

  it("that is a key in place of its variable is not repeated", () => {
    const message = problem({ small: { keyVariable: "sk-proj-abc123" } });
    expect(message).not.toContain("abc123");
    expect(message).toBe("LumosError: lumos.config.json: models.small.keyVariable can't be used: expected the name of an environment variable, not the key itself.");
  });
});

it("The configured models have a JSON Schema, for editors", () => {
  expect(z.toJSONSchema(modelsSchema, { io: "input" })).toMatchObject({ type: "object", additionalProperties: { type: "object", additionalProperties: false } });
});

describe("a base URL", () => {
  it.each([
    ["https://api.openai.com/v1/", "https://api.openai.com/v1"],
    ["https://api.openai.com", "https://api.openai.com/v1"],
    [" https://api.openai.com/v1/chat/completions ", "https://api.openai.com/v1"],
    ["https://api.openai.com/v1/chat/completions/", "https://api.openai.com/v1"],
    ["http://localhost:11434", "http://localhost:11434/v1"],
    ["http://localhost:11434/v1/models", "http://localhost:11434/v1"],
    ["localhost:8000/v1", "http://localhost:8000/v1"],
    ["127.0.0.1:8000", "http://127.0.0.1:8000/v1"],
    ["[::1]:8000", "http://[::1]:8000/v1"],
    ["api.openai.com/v1", "https://api.openai.com/v1"],
    ["https://generativelanguage.googleapis.com", "https://generativelanguage.googleapis.com/v1beta/openai"],
    ["https://generativelanguage.googleapis.com/v1beta/openai/", "https://generativelanguage.googleapis.com/v1beta/openai"],
    ["https://mine.openai.azure.com/", "https://mine.openai.azure.com/openai/v1"],
    ["https://api.anthropic.com/v1/messages", "https://api.anthropic.com/v1"],
    ["https://proxy.example.com/llm/v2", "https://proxy.example.com/llm/v2"],
  ])("'%s' is made %s", (pasted, expected) => {
    expect(normalBaseUrl(pasted)).toBe(expected);
    expect(normalBaseUrl(expected)).toBe(expected);
  });

  it.each(["", "  ", "ftp://host/v1", "https://", "https://api.openai.com/v1?key=abc", "https://h/v1#x"])("'%s' is refused", (pasted) => {
    expect(() => normalBaseUrl(pasted)).toThrow(/^Base URL .*expected one such as/);
  });

  it.each(["https://user:hunter2@host/v1", "user:hunter2@host/v1", "http://hunter2@host"])("that holds a password is refused and the password not repeated: %s", (pasted) => {
    let message = "";
    try {
      normalBaseUrl(pasted);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain("Base URL");
    expect(message).not.toContain("hunter2");
  });

  it("is quickly refused or read, however long it is", () => {
    const spent = processorTime();
    expect(normalBaseUrl(`http://localhost/${"/".repeat(100_000)}x${"/".repeat(100_000)}`)).toContain("localhost");
    expect(spent()).toBeLessThan(1000);
  });
});

it.each([
  ["localhost", true],
  ["app.localhost", true],
  ["127.0.0.1", true],
  ["127.9.9.9", true],
  ["10.1.2.3", true],
  ["172.16.0.1", true],
  ["172.32.0.1", false],
  ["192.168.1.5", true],
  ["192.169.1.5", false],
  ["[::1]", true],
  ["[fd12::1]", true],
  ["[fe80::1]", true],
  ["[2001:db8::1]", false],
  ["mac.local", true],
  ["host.docker.internal", true],
  ["ollama", true],
  ["api.openai.com", false],
  ["localhost.evil.com", false],
  ["10.example.com", false],
  ["fd.example.com", false],
  ["8.8.8.8", false],
  ["", false],
])("host '%s' is local: %s", (host, local) => {
  expect(isLocalHost(host)).toBe(local);
});
