namespace ImageScan.Core.Policies.Criteria;

/// <summary>Criteria about components.</summary>
internal static class ComponentCriteria
{
    /// <summary><c>name=version</c>, either a pattern; an empty one fits all.</summary>
    public static Criterion Component(PolicyGroup group)
    {
        Func<(string, string), bool> fits = group.PairTest();
        return new ComponentCriterion(component => fits((component.Name, component.Version)), ViolationTexts.OfComponent);
    }

    /// <summary>
    /// A pattern for licences: our own, StackRox looks at none. Who may choose between licences is held against the mildest; where brackets make
    /// that more than a choice, any licence counts.
    /// </summary>
    public static Criterion License(PolicyGroup group)
    {
        Func<string, bool> fits = group.TextTest();
        return new ComponentCriterion(component => component.Licenses.Any(license => IsUnder(license, fits)), ViolationTexts.OfLicense);
    }

    // https://spdx.github.io/spdx-spec/v2.3/SPDX-license-expressions/: AND binds closer than OR.
    private static bool IsUnder(string license, Func<string, bool> fits)
    {
        if (license.Length == 0)
        {
            return false;
        }

        if (fits(license))
        {
            return true;
        }

        if (license.AsSpan().ContainsAny('(', ')'))
        {
            return license.Split(["(", ")", " AND ", " OR "], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Any(FitsOne);
        }

        return license.Split(" OR ").All(choice => choice.Split(" AND ").Any(FitsOne));

        bool FitsOne(string one) => fits(one) || fits(one.Split(" WITH ")[0]);
    }
}
