export * from "../../pipelines/llm/stand-in.ts";
