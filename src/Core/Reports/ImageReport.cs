using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>What every report of an image's vulnerabilities is written from. Every text in it is hostile.</summary>
/// <param name="Scan">The image.</param>
/// <param name="Name">The name under which it was asked for; null if it was asked for by its digest alone.</param>
/// <param name="Findings">What is reported, worst first: by severity, then score, then package and id, so that the same scan gives the same report.</param>
public sealed record ImageReport(Scan Scan, ImageReference? Name, IReadOnlyList<ReportedFinding> Findings)
{
    /// <summary>How many findings a filter left out, so that a report can say so; what was decided about counts in <see cref="Suppressed"/>.</summary>
    public int Hidden { get; init; }

    /// <summary>How many findings are left out because somebody decided about them.</summary>
    public int Suppressed { get; init; }
}

/// <summary>One vulnerability of one installed package.</summary>
/// <param name="Installed">The package, and the layer that brought it.</param>
/// <param name="Finding">The vulnerability.</param>
public sealed record ReportedFinding(InstalledPackage Installed, Finding Finding)
{
    /// <summary>What was decided about it; null if nothing was, and it counts.</summary>
    public ReportedDecision? Decision { get; init; }
}

/// <summary>What was decided about a finding.</summary>
/// <param name="Kind">What it is taken for.</param>
/// <param name="Comment">The reason that was given; "" if none was.</param>
/// <param name="Until">When it ends; null if it does not.</param>
public sealed record ReportedDecision(DecisionKind Kind, string Comment, DateTimeOffset? Until)
{
    /// <summary>Why it is so, in the words of OpenVEX or CycloneDX; null if nobody has said.</summary>
    public string? Justification { get; init; }
}

/// <summary>What a finding is taken for.</summary>
public enum DecisionKind
{
    /// <summary>Put off: by a snooze or a deferral.</summary>
    Deferred,

    /// <summary>By an exception.</summary>
    FalsePositive,

    /// <summary>By a VEX statement.</summary>
    NotAffected,

    /// <summary>By a VEX statement: it is mended, whatever the version says.</summary>
    Fixed,

    /// <summary>By a list of the caller's own.</summary>
    Ignored,
}
