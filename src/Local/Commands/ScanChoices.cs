using ImageScan.Core.Images;
using ImageScan.Core.Reports;
using ImageScan.Core.Vulnerabilities;
using ImageScan.Local.Output;
using ImageScan.Local.Remote;

namespace ImageScan.Local.Commands;

/// <summary>What the caller of <c>imagescan scan</c> wants.</summary>
internal sealed record ScanChoices
{
    public required string Image { get; init; }

    public Platform? Platform { get; init; }

    /// <summary>Whether to read everything again.</summary>
    public bool Force { get; init; }

    /// <summary>The name of a format.</summary>
    public required string Format { get; init; }

    /// <summary>The file to write to; null for stdout.</summary>
    public string? Output { get; init; }

    /// <summary>What is wanted of the findings; what the list of ignored ids names is decided about before.</summary>
    public ReportFilter Filter { get; init; } = ReportFilter.Everything;

    public IgnoreFile Ignored { get; init; } = IgnoreFile.Empty;

    /// <summary>What gave the list of ignored ids: the option, or the file that is read if it is there.</summary>
    public string IgnoredSaidBy { get; init; } = ScanOptions.IgnoreFileOption;

    /// <summary>Files of VEX statements.</summary>
    public IReadOnlyList<string> Vex { get; init; } = [];

    /// <summary>Whether to show what was decided about, too.</summary>
    public bool ShowsSuppressed { get; init; }

    public FindingKey Order { get; init; }

    public required ScanGates Gates { get; init; }

    /// <summary>Whether nothing but the result is said.</summary>
    public bool IsQuiet { get; init; }

    public bool ShowsProgress { get; init; } = true;

    /// <summary>How long all may take; null for as long as it takes.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>The app that is to scan; null to scan here.</summary>
    public Uri? Server { get; init; }

    /// <summary>What gave its address: the option, or the variable.</summary>
    public string ServerSaidBy { get; init; } = RemoteApp.ServerOption;

    /// <summary>What to come in with there; null for nothing. Never shown.</summary>
    public string? Token { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => $"{nameof(ScanChoices)} {Image}";
}

/// <summary>What makes the command end with another code than 0.</summary>
/// <param name="Least">The severity from which on a finding counts; null for none.</param>
/// <param name="FindingCode">What it ends with if a finding counts, 1 unless said; without a severity every one that is reported counts if this is.</param>
/// <param name="EndOfLifeCode">What it ends with if the distribution's release is not mended any more; 0 for nothing.</param>
internal sealed record ScanGates(Severity? Least, int? FindingCode, int EndOfLifeCode)
{
    /// <summary>Whether there is anything to be judged.</summary>
    public bool AreSet => Least is not null || FindingCode is > 0 || EndOfLifeCode > 0;

    /// <summary>What to end with.</summary>
    /// <param name="severities">Of what is reported and not suppressed.</param>
    /// <param name="isEnded">Whether the release is not mended any more.</param>
    public int CodeFor(IEnumerable<Severity> severities, bool isEnded)
    {
        if (isEnded && EndOfLifeCode > 0)
        {
            return EndOfLifeCode;
        }

        bool stops = Least is { } least ? severities.Any(severity => SeverityGate.Stops(severity, least)) : FindingCode is > 0 && severities.Any();
        return stops ? FindingCode ?? CommandLine.AtOrAboveGate : CommandLine.Clean;
    }
}
