using System.Text.Json;
using System.Text.Json.Serialization;

namespace ImageScan.Core.Policies;

/// <summary>
/// Reads policies from JSON: <c>{"policies":[…]}</c>, as StackRox exports them (<c>storage.ExportPoliciesResponse</c>). What it knows beyond
/// <see cref="Policy"/> is passed over: scopes, notifiers and tactics are about deployments.
/// </summary>
internal static class PolicyFile
{
    /// <summary>The longest file that is read; StackRox's own 90 policies take a tenth of it.</summary>
    public const int MaxBytes = 4 << 20;

    private const int MaxDepth = 32;
    private const string BuiltIn = "policies.json";

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        MaxDepth = MaxDepth,
        // An explicit null is proto's default, as a missing field is.
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseUpper, allowIntegerValues: false),
        },
    };

    /// <summary>Those that come with the app.</summary>
    public static IReadOnlyList<Policy> ReadBuiltIn()
    {
        using Stream file = typeof(PolicyFile).Assembly.GetManifestResourceStream(BuiltIn)!;
        return JsonSerializer.Deserialize<Policies>(file, Options)!.List;
    }

    /// <summary>Those of a document. Throws <see cref="FormatException"/> with what is wrong with it.</summary>
    public static IReadOnlyList<Policy> Read(ReadOnlySpan<byte> json)
    {
        try
        {
            Policies read = JsonSerializer.Deserialize<Policies>(json, Options) ?? new Policies();
            IReadOnlyList<Policy> policies = read.List ?? throw new FormatException("it has no list \"policies\"");
            return policies.Any(HasNulls) ? throw new FormatException("a list in it has a null, or is one") : policies;
        }
        catch (JsonException wrong)
        {
            throw new FormatException($"it is no JSON of policies: {wrong.Message}", wrong);
        }
    }

    // The serializer puts a null wherever the document has one, whatever the type says.
    private static bool HasNulls(Policy? policy) => policy is null
        || ((object?[])[
            policy.Id, policy.Name, policy.Description, policy.Rationale, policy.Remediation, policy.PolicyVersion, policy.Categories,
            policy.LifecycleStages, policy.Exclusions, policy.EnforcementActions, policy.PolicySections,
        ]).Contains(null)
        || policy.Categories.Contains(null!)
        || policy.Exclusions.Any(exclusion => exclusion?.Name is null || exclusion.Image is { Name: null })
        || policy.PolicySections.Any(section => section?.SectionName is null || section.PolicyGroups is null || section.PolicyGroups.Any(group =>
            group?.FieldName is null || group.Values is null || group.Values.Any(value => value?.Value is null)));

    private sealed record Policies
    {
        [JsonPropertyName("policies")]
        public IReadOnlyList<Policy> List { get; init; } = null!;
    }
}
