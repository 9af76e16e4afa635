import type { CaptureEvaluation, ReadCapture } from "../mapping/capture-evaluation.ts";
import { evaluateCapture } from "../mapping/capture-evaluation.ts";
import {
  type BannerEvaluation,
  evaluateBanners,
} from "../discovery/fingerprints/recorded-banners.ts";
import type { MappingSet } from "../mapping/evaluation.ts";
import { systemClock } from "../shared/clock.ts";
import { type Capture, readCapture } from "../simulator/capture.ts";
import { capturedBanners, capturedDocuments } from "../simulator/capture-documents.ts";
import { loadRecording } from "../simulator/recording.ts";
import { joinAnswers, noSnmp } from "../southbound/device-answers.ts";
import type { SnmpAnswers } from "../southbound/driver.ts";
import { RecordedDocuments } from "../southbound/extract/recorded-documents.ts";
import { RecordedAnswers } from "../southbound/snmp/recorded-answers.ts";

/**
 * Maps a capture as a virtual device would show it; a collection of greetings is identified one by one.
 *
 * @param mappingName instead of the best match
 * @throws {CaptureError} when a part cannot be read, {MappingError} `mapping.unknown`
 */
export async function evaluateCapturedPrinter(
  mappings: MappingSet,
  path: string,
  mappingName?: string,
): Promise<CaptureEvaluation | BannerEvaluation> {
  const capture = await readCapture(path);
  const banners = await capturedBanners(capture);
  if (banners !== undefined) return evaluateBanners(banners.texts, banners.platform);
  return evaluateCapture(mappings, await readerOf(capture), mappingName);
}

/** Answers plans from the parts of a capture: its SNMP recording, and documents over everything else. */
async function readerOf(capture: Capture): Promise<ReadCapture> {
  const snmp = await snmpOf(capture);
  const documents = new RecordedDocuments(await capturedDocuments(capture));
  return (plan) => joinAnswers(snmp, documents.read(plan.documents));
}

async function snmpOf({ parts }: Capture): Promise<SnmpAnswers> {
  const readAtMs = systemClock.nowMs();
  const recording = parts.find(({ kind }) => kind === "snmprec");
  if (recording === undefined) return noSnmp(readAtMs);
  const { varbinds } = await loadRecording(recording.file);
  return new RecordedAnswers({ varbinds, skipped: [] }, readAtMs);
}
