using ImageScan.Core.Images;
using ImageScan.Core.Inventory;
using ImageScan.Core.Results;
using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Reports;

/// <summary>What every report of an image's vulnerabilities is written from. Every text in it is hostile.</summary>
/// <param name="Scan">The image.</param>
/// <param name="Name">The name under which it was asked for; null if it was asked for by its digest alone.</param>
/// <param name="Findings">What is reported, worst first: by severity, then score, then package and id, so that the same scan gives the same report;
/// the command line may have put it in another order.</param>
public sealed record ImageReport(Scan Scan, ImageReference? Name, IReadOnlyList<ReportedFinding> Findings)
{
    /// <summary>How many findings a filter left out, so that a report can say so; what was decided about counts in <see cref="Suppressed"/>.</summary>
    public int Hidden { get; init; }

    /// <summary>How many findings are left out because somebody decided about them.</summary>
    public int Suppressed { get; init; }

    /// <summary>The name as it was asked for, in full; the digest if there is none. It is hostile, too: an archive names itself.</summary>
    public string ImageName => Name?.FullName ?? Digest;

    /// <summary>The manifest's digest, or the configuration's for an archive that has no manifest.</summary>
    public string Digest => (Scan.Manifest.Digest ?? Scan.Manifest.Config.Digest).ToString();

    /// <summary>Every finding of a scan, and nothing decided about any: one for each package that has it, also where one package lies in two places.</summary>
    public static ImageReport Of(Scan scan, ImageReference? name) => new ImageReport(
        scan, name, [.. scan.Match.Packages.SelectMany(package => package.Findings.Select(finding => new ReportedFinding(package.Installed, finding)))])
        .WorstFirst();

    /// <summary>The report in the order above, whatever order somebody has put it in: for formats that cut, and say that what is left is the worst.</summary>
    public ImageReport WorstFirst() => this with
    {
        Findings =
        [
            .. Findings
                .OrderByDescending(reported => reported.Finding.Severity)
                .ThenByDescending(reported => reported.Score)
                .ThenBy(reported => reported.Package.Name, StringComparer.Ordinal)
                .ThenBy(reported => reported.Package.Version, StringComparer.Ordinal)
                .ThenBy(reported => reported.Finding.Cve, StringComparer.Ordinal)
                .ThenBy(reported => reported.Package.Type.Place)
                .ThenBy(reported => reported.Package.Location, StringComparer.Ordinal),
        ],
    };

    /// <summary>The report with decisions on what nothing was decided about so far.</summary>
    /// <param name="decide">What was decided about a finding; null if nothing was.</param>
    public ImageReport Decided(Func<ReportedFinding, ReportedDecision?> decide) => this with
    {
        Findings = [.. Findings.Select(reported => reported.Decision is null ? reported with { Decision = decide(reported) } : reported)],
    };

    /// <summary>The report without what was decided about, which is counted in <see cref="Suppressed"/>.</summary>
    public ImageReport WithoutDecided()
    {
        ReportedFinding[] kept = [.. Findings.Where(reported => reported.Decision is null)];
        return this with { Findings = kept, Suppressed = Suppressed + Findings.Count - kept.Length };
    }
}

/// <summary>One vulnerability of one installed package.</summary>
/// <param name="Installed">The package, and the layer that brought it.</param>
/// <param name="Finding">The vulnerability.</param>
public sealed record ReportedFinding(InstalledPackage Installed, Finding Finding)
{
    /// <summary>What was decided about it; null if nothing was, and it counts.</summary>
    public ReportedDecision? Decision { get; init; }

    public Package Package => Installed.Package;

    /// <summary>The score that counts: version 3 where there is one, else version 2, else 0.</summary>
    public float Score => Finding.CvssV3?.Score ?? Finding.CvssV2?.Score ?? 0;
}

/// <summary>What was decided about a finding.</summary>
/// <param name="Kind">What it is taken for.</param>
/// <param name="Comment">The reason that was given; "" if none was.</param>
/// <param name="Until">When it ends; null if it does not.</param>
public sealed record ReportedDecision(DecisionKind Kind, string Comment, DateTimeOffset? Until)
{
    /// <summary>Why it is so, in the words of OpenVEX or CycloneDX; null if nobody has said.</summary>
    public string? Justification { get; init; }

    /// <summary>It in words, on one line of harmless text: <c>deferred until 2027-01-31: a reason</c>.</summary>
    public string Sentence
    {
        get
        {
            string until = Until is { } end ? $" until {ReportText.Day(end)}" : "";
            string comment = ReportText.Line(Comment.Length > 0 ? Comment : Justification, 300);
            return comment.Length == 0 ? $"{Word}{until}" : $"{Word}{until}: {comment}";
        }
    }

    private string Word => Kind switch
    {
        DecisionKind.Deferred => "deferred",
        DecisionKind.FalsePositive => "false positive",
        DecisionKind.NotAffected => "not affected",
        DecisionKind.Fixed => "fixed",
        _ => "ignored",
    };
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
