import { inject } from "vitest";
import { describeIdle } from "./describe-idle.ts";

/** A real API server has moods that only minutes show: bookmarks that do not come, watches that end. */
describeIdle(inject("controlPlane") ? 120_000 : 3_000);
