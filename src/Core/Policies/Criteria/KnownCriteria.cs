using ImageScan.Core.Images;

namespace ImageScan.Core.Policies.Criteria;

/// <summary>
/// The criteria of StackRox that are about images, and two of our own, with what may be said by them
/// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/booleanpolicy/field_metadata.go).
/// </summary>
internal static class KnownCriteria
{
    /// <summary>That an image is signed; its values are ids of signature integrations.</summary>
    public const string SignatureVerifiedBy = "Image Signature Verified By";

    private static readonly Dictionary<string, Kind> Kinds = new(StringComparer.Ordinal)
    {
        ["CVE"] = new(VulnerabilityCriteria.Cve) { MayBeNegated = true },
        ["CVSS"] = new(VulnerabilityCriteria.Cvss),
        ["Severity"] = new(VulnerabilityCriteria.Severity),
        ["Fixed By"] = new(VulnerabilityCriteria.FixedBy) { MayBeNegated = true },
        ["Fixable"] = new(VulnerabilityCriteria.Fixable) { HasOneValue = true },
        ["Days Since CVE Was First Discovered In Image"] = new(VulnerabilityCriteria.DaysInImage) { HasOneValue = true },
        ["Days Since CVE Was First Discovered In System"] = new(VulnerabilityCriteria.DaysInSystem) { HasOneValue = true },
        ["Image Component"] = new(ComponentCriteria.Component),
        ["Component License"] = new(ComponentCriteria.License),
        ["Dockerfile Line"] = new(ImageCriteria.Line),
        ["Image Age"] = new(ImageCriteria.Age) { HasOneValue = true },
        ["Image OS"] = new(ImageCriteria.OperatingSystem) { MayBeNegated = true },
        ["Image Registry"] = new(ImageCriteria.Registry) { MayBeNegated = true },
        ["Image Remote"] = new(ImageCriteria.Remote) { MayBeNegated = true },
        ["Image Tag"] = new(ImageCriteria.Tag) { MayBeNegated = true },
        ["Image User"] = new(ImageCriteria.User) { MayBeNegated = true },
        ["Image Scan Age"] = new(ImageCriteria.ScanAge) { HasOneValue = true },
        ["Image Scan Note"] = new(ImageCriteria.ScanNote),
        [SignatureVerifiedBy] = new(ImageCriteria.VerifiedBy),
        ["Required Image Label"] = new(ImageCriteria.RequiredLabel),
        ["Disallowed Image Label"] = new(ImageCriteria.DisallowedLabel),
        ["Unscanned Image"] = new(ImageCriteria.Unscanned) { HasOneValue = true },
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => Kinds.Keys;

    /// <summary>The criterion of a group. Throws <see cref="FormatException"/> if there is no such, or none with such values.</summary>
    public static Criterion Of(PolicyGroup group)
    {
        if (!Kinds.TryGetValue(group.FieldName, out Kind? kind))
        {
            throw new FormatException($"there is no criterion {HostileText.Quote(group.FieldName)} here");
        }

        if (group.Values.Count == 0 || (kind.HasOneValue && group.Values.Count > 1))
        {
            throw new FormatException($"{group.FieldName} has {(kind.HasOneValue ? "exactly one value" : "at least one value")}");
        }

        if (group.Negate && !kind.MayBeNegated)
        {
            throw new FormatException($"{group.FieldName} cannot be negated");
        }

        try
        {
            return kind.Make(group);
        }
        catch (FormatException wrong)
        {
            throw new FormatException($"{group.FieldName}: {wrong.Message}", wrong);
        }
    }

    private sealed record Kind(Func<PolicyGroup, Criterion> Make)
    {
        public bool MayBeNegated { get; init; }

        public bool HasOneValue { get; init; }
    }
}
