using System.Globalization;

namespace ImageScan.Core.Policies.Criteria;

/// <summary>
/// What is said of an image that violates a policy, in StackRox's words, which people search for
/// (https://github.com/stackrox/stackrox/tree/4.5.0/pkg/booleanpolicy/violationmessages/printer).
/// </summary>
internal static class ViolationTexts
{
    private const int ShownLineCharacters = 32;
    private const int ShownLabels = 3;
    private const int ShownLabelCharacters = 64;

    public static string OfVulnerability(JudgedComponent component, JudgedVulnerability vulnerability, bool saysFix)
    {
        bool isFixable = saysFix && vulnerability.FixedBy.Length > 0;
        string score = vulnerability.Cvss.ToString("0.###", CultureInfo.InvariantCulture);
        return $"{(isFixable ? "Fixable " : "")}{vulnerability.Cve} (CVSS {score}) (severity {vulnerability.Severity}) found "
            + $"in component '{component.Name}' (version {component.Version})"
            + (isFixable ? $", resolved by version {vulnerability.FixedBy}" : "");
    }

    public static string OfComponent(JudgedComponent component) =>
        $"Image includes component '{component.Name}'{(component.Version.Length > 0 ? $" (version {component.Version})" : "")}";

    /// <summary>Our own.</summary>
    public static string OfLicense(JudgedComponent component) => $"{OfComponent(component)} under licence '{string.Join("', '", component.Licenses)}'";

    public static string OfLine((string Instruction, string Value) line) =>
        $"Dockerfile line '{line.Instruction} {Cut(line.Value, ShownLineCharacters)}' found";

    /// <summary>One sentence of the parts of the image's name.</summary>
    public static string OfName(IEnumerable<string> parts)
    {
        string[] sorted = [.. parts.Distinct().Order(StringComparer.Ordinal)];
        return "Image has " + sorted switch
        {
            [var one] => one,
            [var one, var other] => $"{one} and {other}",
            _ => $"{string.Join(", ", sorted[..^1])}, and {sorted[^1]}",
        };
    }

    public static string OfUser(string user) => $"Image has user '{user}'";

    public static string OfSystem(string system) => $"Image has base OS '{system}'";

    public static string OfAge(DateTimeOffset created) => $"Image was created at {TimeOf(created)} (UTC)";

    public static string OfScanAge(DateTimeOffset scanned) => $"Image was last scanned at {TimeOf(scanned)} (UTC)";

    public static string OfScan(bool isScanned) => $"Image has {(isScanned ? "" : "not ")}been scanned";

    /// <summary>Our own.</summary>
    public static string OfScanNote(string note) => $"Image scan has note {note}";

    public static string[] OfSignature(IReadOnlyList<string> verifiedBy) =>
        verifiedBy.Count == 0 ? ["Image signature is unverified"] : [.. verifiedBy.Select(id => $"Image signature is verified by {id}")];

    public static string OfMissingLabel(IReadOnlyDictionary<string, string> labels) =>
        $"Required label not found (found labels: {ListOf(labels, ShownLabels)})";

    public static string OfLabels(IReadOnlyCollection<KeyValuePair<string, string>> labels) => $"Disallowed labels found: {ListOf(labels, labels.Count)}";

    private static string ListOf(IReadOnlyCollection<KeyValuePair<string, string>> labels, int most)
    {
        if (labels.Count == 0)
        {
            return "<empty>";
        }

        IEnumerable<string> shown = labels.OrderBy(label => label.Key, StringComparer.Ordinal).Take(most)
            .Select(label => $"{label.Key}={Cut(label.Value, ShownLabelCharacters)}");
        return string.Join(", ", shown) + (labels.Count > most ? string.Create(CultureInfo.InvariantCulture, $" and {labels.Count - most} more") : "");
    }

    private static string TimeOf(DateTimeOffset moment) => moment.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    // Never through the middle of a character.
    private static string Cut(string text, int most)
    {
        if (text.Length <= most)
        {
            return text;
        }

        return $"{text[..(char.IsHighSurrogate(text[most - 1]) ? most - 1 : most)]}...";
    }
}
