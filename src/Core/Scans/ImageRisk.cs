using ImageScan.Core.Vulnerabilities;

namespace ImageScan.Core.Scans;

/// <summary>
/// StackRox's risk score: the product of up to four multipliers, in float32 as there
/// (https://github.com/stackrox/stackrox/tree/4.5.0/central/risk/multipliers/image).
/// </summary>
public static class ImageRisk
{
    private const float Saturation = 100;
    private const float SaturatedMultiplier = 4;
    private const float HighestMultiplier = 1.5f;
    private const int ComponentsWithoutRisk = 10;
    private const int DaysWithoutRisk = 90;
    private const float DaysToHighest = 180;

    // What an intruder would like to find: shells, downloaders, package managers.
    private static readonly HashSet<string> RiskyNames =
        ["apk", "apt", "bash", "curl", "dnf", "netcat", "nmap", "rpm", "sh", "tcsh", "telnet", "wget", "yum"];

    /// <summary>The image's risk; 0 if no multiplier applies.</summary>
    /// <param name="components">All of the image's components.</param>
    /// <param name="age">Time since the image was made.</param>
    public static float Of(IReadOnlyList<Component> components, TimeSpan age)
    {
        float?[] multipliers =
        [
            VulnerabilitiesMultiplier(components.SelectMany(component => component.Findings)),
            RiskyComponentsMultiplier(components),
            ComponentCountMultiplier(components),
            AgeMultiplier(age),
        ];
        return multipliers.All(multiplier => multiplier is null)
            ? 0
            : multipliers.Aggregate(1f, (product, multiplier) => product * (multiplier ?? 1f));
    }

    /// <summary>One component's risk: the vulnerabilities multiplier alone; 0 without a vulnerability of known severity.</summary>
    public static float Of(Component component) => VulnerabilitiesMultiplier(component.Findings) ?? 0;

    private static float? VulnerabilitiesMultiplier(IEnumerable<Finding> findings)
    {
        float sum = 0;
        bool any = false;
        foreach (Finding finding in findings.Where(finding => finding.Severity != Severity.Unknown))
        {
            float weight = WeightOf(finding);
            sum += weight * weight / 10;
            any = true;
        }

        return (any, sum) switch
        {
            (false, _) => null,
            (_, > Saturation) => SaturatedMultiplier,
            _ => 1 + (sum / Saturation * (SaturatedMultiplier - 1)),
        };
    }

    // CVSS 2 knows no critical: StackRox has no weight for it there, not the one of high.
    private static float WeightOf(Finding finding) => (finding.Severity, IsV3: finding.CvssV3 is not null) switch
    {
        (Severity.Low, _) => 2.0f,
        (Severity.Moderate, _) => 5.5f,
        (Severity.Important, true) => 8.0f,
        (Severity.Important, false) => 8.5f,
        (Severity.Critical, true) => 9.5f,
        _ => 0f,
    };

    private static float? RiskyComponentsMultiplier(IReadOnlyList<Component> components)
    {
        int risky = components.Select(component => component.Name).Where(RiskyNames.Contains).Distinct().Count();
        return risky == 0 ? null : Math.Min(1 + (risky / 10f / 2), HighestMultiplier);
    }

    private static float? ComponentCountMultiplier(IReadOnlyList<Component> components)
    {
        int count = components.Count;
        return count < ComponentsWithoutRisk ? null : Math.Min(1 + ((count - ComponentsWithoutRisk) / 10f / 2), HighestMultiplier);
    }

    private static float? AgeMultiplier(TimeSpan age)
    {
        int days = (int)age.TotalDays;
        return days < DaysWithoutRisk
            ? null
            : Math.Min(1 + ((days - DaysWithoutRisk) / DaysToHighest * (HighestMultiplier - 1)), HighestMultiplier);
    }
}
