namespace ImageScan.Benchmarks.Scale;

/// <summary>What so many scans a month take of instances, storage and money.</summary>
internal sealed class ScaleModel(ScaleInputs inputs, double scansPerMonth)
{
    private const double MonthSeconds = 30 * 24 * 3600;
    private const double GibibyteInKibibytes = 1 << 20;

    public double ScansPerMonth => scansPerMonth;

    public double ScansPerSecond => scansPerMonth / MonthSeconds;

    public double PeakScansPerSecond => ScansPerSecond * inputs["peak over average"];

    /// <summary>
    /// Seconds for which a scan keeps an instance: alone its whole time, and at least what is billed; packed, when others fill the time in
    /// which it waits, what it takes of the core.
    /// </summary>
    public double InstanceSecondsPerScan => Math.Min(AloneSeconds, Math.Max(PackedSeconds, AloneSeconds / Math.Max(1, ScansPerSecond * AloneSeconds)));

    public double Instances => Math.Max(1, PeakScansPerSecond * InstanceSecondsPerScan);

    public double GigabyteSeconds => scansPerMonth * InstanceSecondsPerScan * inputs["instance gigabytes"];

    public double Executions => scansPerMonth * inputs.Mean(kind => kind.Executions);

    public double TableRequests => scansPerMonth * inputs.Mean(kind => kind.TableRequests);

    public double QueueRequests => scansPerMonth * inputs.Mean(kind => kind.QueueRequests);

    public double BlobWrites => scansPerMonth * inputs.Mean(kind => kind.BlobWrites);

    public double BlobReads => scansPerMonth * inputs.Mean(kind => kind.BlobReads);

    /// <summary>GiB that a month adds.</summary>
    public double TableGibibytes => scansPerMonth * inputs.Mean(kind => kind.TableKibibytes) / GibibyteInKibibytes;

    public double BlobGibibytes => scansPerMonth * inputs.Mean(kind => kind.BlobKibibytes) / GibibyteInKibibytes;

    /// <summary>Images that a month adds: those of which something is kept.</summary>
    public double NewImages => scansPerMonth * inputs.Mean(kind => kind.TableKibibytes > 0 ? 1 : 0);

    public double ComputeDollars => Math.Max(0, GigabyteSeconds - inputs["free gigabyte seconds"]) * inputs["gigabyte second"];

    public double ExecutionDollars => Math.Max(0, Executions - inputs["free executions"]) / 1e6 * inputs["million executions"];

    public double TableDollars => TableRequests / 1e4 * inputs["ten thousand Table requests"];

    public double QueueDollars => QueueRequests / 1e4 * inputs["ten thousand queue requests"];

    public double BlobDollars => (BlobWrites / 1e4 * inputs["ten thousand blob writes"]) + (BlobReads / 1e4 * inputs["ten thousand blob reads"]);

    /// <summary>For what one month has added, each month that it is kept.</summary>
    public double KeepingDollars => (TableGibibytes * inputs["Table gigabyte month"]) + (BlobGibibytes * inputs["blob gigabyte month"]);

    public double Dollars => ComputeDollars + ExecutionDollars + TableDollars + QueueDollars + BlobDollars + KeepingDollars;

    /// <summary>What is asked for at the peak, beside what there is; the fullest first.</summary>
    public IReadOnlyList<(string What, double Asked, double Limit)> Limits()
    {
        double peak = PeakScansPerSecond;
        double large = inputs.Mean(kind => kind.QueueRequests > 0 ? 1 : 0);
        (string, double, double)[] limits =
        [
            ("Table requests of the account, a second", peak * inputs.Mean(kind => kind.TableRequests), inputs["account requests a second"]),
            ("rows of one partition of Images, a second",
                peak * inputs.Mean(kind => kind.ImagesRows) / inputs["Images partitions"], inputs["partition rows a second"]),
            ("rows of FirstOccurrences of the commonest system, a second",
                peak * inputs.Mean(kind => kind.FirstOccurrencesRows) * inputs["share of the commonest system"], inputs["partition rows a second"]),
            ("messages of layer-scans, a second", peak * large * inputs["layers of a large image"], inputs["queue messages a second"]),
            ("instances, of the regional quota", Instances, inputs["instances of the regional quota"]),
            ("instances, of an app", Instances, inputs["instances of an app"]),
            ("images that a month adds, of those matched again between two sets of advisories",
                NewImages, inputs["re-matches a minute"] * 60 * inputs["hours between advisories"]),
        ];
        return [.. limits.OrderByDescending(limit => limit.Item2 / limit.Item3)];
    }

    private double AloneSeconds => inputs.Mean(kind => Math.Max(inputs["least billed seconds"], WallOf(kind)));

    private double PackedSeconds => inputs.Mean(kind => kind.CpuSeconds) / inputs["core use"];

    // Storage requests are counted one after another, which errs on the dear side: layers are read side by side.
    private double WallOf(ScanKind kind) =>
        kind.CpuSeconds + (kind.TableRequests * inputs["storage latency ms"] / 1000) + (kind.PulledMebibytes * 1.048576 / inputs["pull megabytes a second"]);
}
