import type { MetricFamily, MetricSample } from "./prometheus.ts";
import type { Vitals } from "./vitals.ts";

/** The vitals as families for Prometheus; the names of the process are those that every exporter uses. */
export function vitalFamilies({ process, pages, pool, storage, requests, jobs, notes }: Vitals): MetricFamily[] {
  const { eventLoopDelay, garbageCollection } = process;
  return [
    gauge("process_resident_memory_bytes", "Resident memory.", [{ value: process.residentBytes }]),
    counter("process_cpu_seconds_total", "Processor time, user and system.", process.cpuSeconds),
    gauge("process_open_fds", "Open files and connections.", optional(process.fileDescriptors)),
    gauge("starpunk_uptime_seconds", "Time since the start.", [{ value: process.uptimeSeconds }]),
    gauge("starpunk_heap_bytes", "Heap of the JavaScript engine, and what it holds outside of it.", [
      { labels: { part: "used" }, value: process.heapUsedBytes },
      { labels: { part: "total" }, value: process.heapTotalBytes },
      { labels: { part: "external" }, value: process.externalBytes },
    ]),
    gauge(
      "starpunk_memory_growth_bytes_per_hour",
      "Slope of resident memory.",
      optional(process.memoryGrowth?.bytesPerHour),
    ),
    gauge("starpunk_event_loop_delay_seconds", "How long the event loop was held up in the last minute.", [
      { labels: { quantile: "0.5" }, value: eventLoopDelay.p50 / 1000 },
      { labels: { quantile: "0.99" }, value: eventLoopDelay.p99 / 1000 },
      { labels: { quantile: "1" }, value: eventLoopDelay.max / 1000 },
    ]),
    counter("starpunk_garbage_collections_total", "Collections of garbage.", garbageCollection.count),
    counter("starpunk_garbage_collection_seconds_total", "Time they took.", garbageCollection.totalMs / 1000),
    gauge("starpunk_page_cache_bytes", "What the page cache holds.", [{ value: pages.bytes }]),
    gauge("starpunk_page_cache_pages", "Pages in the page cache.", [{ value: pages.pages }]),
    counter("starpunk_page_cache_hits_total", "Answers from the page cache.", pages.hits),
    counter("starpunk_page_cache_pages_made_total", "Pages that were put into it.", pages.made),
    gauge("starpunk_database_leases", "Connections for long reads.", [
      { labels: { state: "active" }, value: pool.active },
      { labels: { state: "idle" }, value: pool.idle },
      { labels: { state: "waiting" }, value: pool.waiting },
    ]),
    gauge("starpunk_database_leases_max", "How many there may be.", [{ value: pool.size }]),
    counter("starpunk_database_lease_timeouts_total", "Waits for one that were in vain.", pool.timeouts),
    gauge("starpunk_storage_bytes", "Sizes of files.", [
      { labels: { file: "database" }, value: storage.databaseBytes },
      { labels: { file: "wal" }, value: storage.walBytes },
    ]),
    gauge("starpunk_requests_in_flight", "Requests that came and are not answered.", [{ value: requests.inFlight }]),
    gauge("starpunk_jobs", "Jobs by state.", toSamples("state", jobs)),
    gauge("starpunk_notes", "Notes by status.", toSamples("status", notes)),
  ];
}

function gauge(name: string, help: string, samples: readonly MetricSample[]): MetricFamily {
  return { name, help, type: "gauge", samples };
}

function counter(name: string, help: string, value: number): MetricFamily {
  return { name, help, type: "counter", samples: [{ value }] };
}

function optional(value: number | undefined): MetricSample[] {
  return value === undefined ? [] : [{ value }];
}

function toSamples(label: string, counts: Readonly<Record<string, number>>): MetricSample[] {
  return Object.entries(counts).map(([name, value]) => ({ labels: { [label]: name }, value }));
}
