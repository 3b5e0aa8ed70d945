using System.Text.Json;

namespace ImageScan.Core.Vulnerabilities.Feeds.Debian;

/// <summary>What Debian's tracker says about one vulnerability of one source package in one release.</summary>
internal static class DebianStatement
{
    /// <summary>Reads it; null if it says nothing, which <paramref name="problem"/> then explains.</summary>
    /// <param name="package">The source package.</param>
    /// <param name="ecosystem">The release.</param>
    /// <param name="row">The release's entry in <c>releases</c>.</param>
    /// <param name="problem">What is malformed; null if nothing is.</param>
    public static AffectedPackage? Read(string package, OsvEcosystem ecosystem, JsonElement row, out string? problem)
    {
        string? urgency = Urgency(row);
        (AdvisoryStatus Status, VersionRange Range)? said = JsonTexts.Text(row, "status") switch
        {
            "resolved" => Resolved(JsonTexts.Text(row, "fixed_version")),
            "open" => (Open(row, urgency), StatedRange.Every),

            // Others list it as affected without a fix; that Debian does not know has to be said against them.
            "undetermined" => (AdvisoryStatus.UnderInvestigation, StatedRange.Every),
            _ => null,
        };
        problem = said is null ? "has a release of no known status, or without the version that mends it" : null;
        return said is not var (status, range)
            ? null
            : new AffectedPackage
            {
                Ecosystem = ecosystem,
                Name = package,
                Ranges = [range],
                Status = status,
                SeverityWord = urgency is "end-of-life" or "not yet assigned" or "undetermined" ? null : urgency,
            };
    }

    // "0" is how the tracker writes <not-affected>: every version is later than it
    // (https://github.com/google/osv.dev/blob/master/vulnfeeds/cmd/converters/debian/main.go).
    private static (AdvisoryStatus, VersionRange)? Resolved(string? version) => version switch
    {
        null => null,
        "0" => (AdvisoryStatus.NotAffected, StatedRange.Every),
        _ => (AdvisoryStatus.Affected, StatedRange.Before(version)),
    };

    // https://security-team.debian.org/security_tracker.html and https://security-team.debian.org/triage: "ignored" will not be mended in that
    // release, "postponed" along with something worse; a bare no-dsa may be with the next point release, so it is as open as any.
    private static AdvisoryStatus Open(JsonElement row, string? urgency) => (urgency, JsonTexts.Text(row, "nodsa_reason")) switch
    {
        ("end-of-life", _) => AdvisoryStatus.EndOfLife,
        (_, "ignored") => AdvisoryStatus.WillNotFix,
        (_, "postponed") => AdvisoryStatus.FixDeferred,
        _ => AdvisoryStatus.Affected,
    };

    // Stars marked urgencies that nobody had looked at.
    private static string? Urgency(JsonElement row) => JsonTexts.Text(row, "urgency", 64)?.TrimEnd('*') is { Length: > 0 } word ? word : null;
}
