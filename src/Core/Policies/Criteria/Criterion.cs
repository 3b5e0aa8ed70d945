namespace ImageScan.Core.Policies.Criteria;

/// <summary>One group of a policy, ready to be asked.</summary>
internal abstract record Criterion;

/// <summary>About the image as a whole.</summary>
/// <param name="TextsOf">What is said of an image that fits; empty for one that does not.</param>
internal sealed record ImageCriterion(Func<JudgedImage, DateTimeOffset, IReadOnlyList<string>> TextsOf) : Criterion
{
    /// <summary>Whether the texts are parts of the one sentence that the section has about the image's name.</summary>
    public bool IsPartOfSentence { get; init; }
}

/// <summary>About a line of its Dockerfile.</summary>
internal sealed record LineCriterion(Func<(string Instruction, string Value), bool> Fits) : Criterion;

/// <summary>About a component.</summary>
/// <param name="Fits">Whether a component fits.</param>
/// <param name="TextOf">What is said of one that does.</param>
internal sealed record ComponentCriterion(Func<JudgedComponent, bool> Fits, Func<JudgedComponent, string> TextOf) : Criterion;

/// <summary>About a vulnerability of a component.</summary>
internal sealed record VulnerabilityCriterion(Func<JudgedVulnerability, DateTimeOffset, bool> Fits) : Criterion
{
    /// <summary>Whether it asks for a fix, which is then said.</summary>
    public bool IsAboutFixes { get; init; }
}
