using System.Diagnostics.CodeAnalysis;

namespace ImageScan.Core.Vulnerabilities.Cvss;

/// <summary>
/// A CVSS 2.0 base vector, its metrics and its scores (https://www.first.org/cvss/v2/guide). All of it follows from the vector, so
/// <see cref="TryParse"/> brings back what was stored as <paramref name="Vector"/> alone.
/// </summary>
/// <param name="Vector">As its author wrote it.</param>
/// <param name="Score">Base score, 0.0 to 10.0.</param>
/// <param name="ExploitabilityScore">Rounded to 0.1.</param>
/// <param name="ImpactScore">Rounded to 0.1.</param>
public sealed record CvssV2(string Vector, float Score, float ExploitabilityScore, float ImpactScore)
{
    // Temporal and environmental metrics may follow; they do not touch the base score.
    private static readonly CvssGrammar Grammar = new(
        6,
        "AV:L,A,N",
        "AC:H,M,L",
        "Au:M,S,N",
        "C:N,P,C",
        "I:N,P,C",
        "A:N,P,C",
        "E:U,POC,F,H,ND",
        "RL:OF,TF,W,U,ND",
        "RC:UC,UR,C,ND",
        "CDP:N,L,LM,MH,H,ND",
        "TD:N,L,M,H,ND",
        "CR:L,M,H,ND",
        "IR:L,M,H,ND",
        "AR:L,M,H,ND");

    // Weights of section 3.2.1 of the guide. As decimals they multiply exactly, so a half is rounded as a half.
    private static readonly decimal[] AttackVectorWeights = [0.395m, 0.646m, 1.0m];
    private static readonly decimal[] AccessComplexityWeights = [0.35m, 0.61m, 0.71m];
    private static readonly decimal[] AuthenticationWeights = [0.45m, 0.56m, 0.704m];
    private static readonly decimal[] ImpactWeights = [0m, 0.275m, 0.660m];

    public CvssV2AttackVector AttackVector { get; init; }

    public CvssV2AccessComplexity AccessComplexity { get; init; }

    public CvssV2Authentication Authentication { get; init; }

    public CvssV2Impact Confidentiality { get; init; }

    public CvssV2Impact Integrity { get; init; }

    public CvssV2Impact Availability { get; init; }

    /// <summary>The band of the score: LOW to 3.9, MEDIUM to 6.9, HIGH to 10 (NVD, as StackRox takes them).</summary>
    public CvssV2Severity Severity => Score switch
    {
        < 4.0f => CvssV2Severity.Low,
        < 7.0f => CvssV2Severity.Medium,
        _ => CvssV2Severity.High,
    };

    /// <summary>
    /// Reads <c>AV:N/AC:L/Au:N/C:P/I:P/A:P</c>, also in parentheses as NVD once wrote it, and scores it. False for an unknown or
    /// repeated metric and for a base metric left out.
    /// </summary>
    public static bool TryParse(string? vector, [NotNullWhen(true)] out CvssV2? cvss)
    {
        cvss = null;
        ReadOnlySpan<char> text = vector;
        if (text.Length > 2 && text[0] == '(' && text[^1] == ')')
        {
            text = text[1..^1];
        }

        Span<int> chosen = stackalloc int[Grammar.MetricCount];
        if (vector is null || !Grammar.TryRead(text, chosen))
        {
            return false;
        }

        decimal impact = 10.41m * (1 - ((1 - ImpactWeights[chosen[3]]) * (1 - ImpactWeights[chosen[4]]) * (1 - ImpactWeights[chosen[5]])));
        decimal exploitability =
            20 * AttackVectorWeights[chosen[0]] * AccessComplexityWeights[chosen[1]] * AuthenticationWeights[chosen[2]];
        decimal score = impact == 0 ? 0 : ((0.6m * impact) + (0.4m * exploitability) - 1.5m) * 1.176m;

        cvss = new CvssV2(vector, Rounded(score), Rounded(exploitability), Rounded(impact))
        {
            AttackVector = (CvssV2AttackVector)chosen[0],
            AccessComplexity = (CvssV2AccessComplexity)chosen[1],
            Authentication = (CvssV2Authentication)chosen[2],
            Confidentiality = (CvssV2Impact)chosen[3],
            Integrity = (CvssV2Impact)chosen[4],
            Availability = (CvssV2Impact)chosen[5],
        };
        return true;
    }

    private static float Rounded(decimal score) => (float)decimal.Round(score, 1, MidpointRounding.AwayFromZero);
}

/// <summary>AV. The numbers, here and below, are those of StackRox's CVSSV2.</summary>
public enum CvssV2AttackVector
{
    Local = 0,
    Adjacent = 1,
    Network = 2,
}

/// <summary>AC.</summary>
public enum CvssV2AccessComplexity
{
    High = 0,
    Medium = 1,
    Low = 2,
}

/// <summary>Au.</summary>
[SuppressMessage("Naming", "CA1720", Justification = "Single is the word of the specification.")]
public enum CvssV2Authentication
{
    Multiple = 0,
    Single = 1,
    None = 2,
}

/// <summary>C, I and A.</summary>
public enum CvssV2Impact
{
    None = 0,
    Partial = 1,
    Complete = 2,
}

/// <summary>The band of a base score.</summary>
public enum CvssV2Severity
{
    Unknown = 0,
    Low = 1,
    Medium = 2,
    High = 3,
}
