namespace ImageScan.Core.Results;

/// <summary>The few figures of a scan that lists and ranks need; null where the wire form leaves the key out.</summary>
public sealed record ScanSummary(int Components, int Cves, int? FixableCves, float? TopCvss, float RiskScore)
{
    /// <summary>Which kinds of findings there are.</summary>
    public FindingKinds Kinds { get; init; } = FindingKinds.None;
}

/// <summary>One row of the list of images.</summary>
public sealed record ListedImage(string Id, string Name, ScanSummary Summary, DateTimeOffset? Created, DateTimeOffset LastUpdated)
{
    /// <summary>Further full names of the same image; empty if it has only <see cref="Name"/>.</summary>
    public IReadOnlyList<string> OtherNames { get; init; } = [];

    /// <summary>As <see cref="OperatingSystems"/> writes it; "" if that was not kept yet.</summary>
    public string OperatingSystem { get; init; } = "";

    /// <summary>When registries no longer had it under any name; null while one has.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary>When its findings were last worked out.</summary>
    public DateTimeOffset ScannedAt { get; init; }
}
