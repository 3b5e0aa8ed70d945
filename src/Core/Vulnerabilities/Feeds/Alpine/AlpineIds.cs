using System.Text.RegularExpressions;

namespace ImageScan.Core.Vulnerabilities.Feeds.Alpine;

/// <summary>
/// The ids in one entry of a list of fixes: <c>CVE-2019-13012</c>, <c>CVE-2018-12207 XSA-304</c>, <c>CVE-2017-2616 (+ regression fix)</c>.
/// </summary>
/// <param name="Cves">In the entry's order.</param>
/// <param name="Others">Other names of the same: XSA, GHSA, ZBX and the like.</param>
internal sealed partial record AlpineIds(IReadOnlyList<string> Cves, IReadOnlyList<string> Others)
{
    private static readonly char[] Between = [' ', '\t', '\n', '\r', ',', ';', '/'];

    /// <summary>Reads an entry; what is no id in it is a remark. Without any, both lists are empty.</summary>
    public static AlpineIds Of(string entry)
    {
        var cves = new List<string>();
        var others = new List<string>();
        foreach (string word in entry.Split(Between, StringSplitOptions.RemoveEmptyEntries))
        {
            // Written by hand: CVE_2019-2426 and a dot after the number are there.
            string id = word.Trim('(', ')', '[', ']', '.', ':', '?', '"', '\'');
            id = id.StartsWith("CVE_", StringComparison.Ordinal) ? "CVE-" + id[4..] : id;
            if (CveId.IsOne(id))
            {
                cves.Add(id);
            }
            else if (!id.StartsWith("CVE", StringComparison.Ordinal) && OtherId().IsMatch(id))
            {
                others.Add(id);
            }
        }

        return new AlpineIds([.. cves.Distinct(StringComparer.Ordinal)], [.. others.Distinct(StringComparer.Ordinal)]);
    }

    [GeneratedRegex(@"^(GHSA(-[0-9a-z]{4}){3}|(?=[^0-9]*[0-9])[A-Z][A-Z0-9]{1,15}-[A-Za-z0-9][A-Za-z0-9.:_-]{0,60})$")]
    private static partial Regex OtherId();
}
