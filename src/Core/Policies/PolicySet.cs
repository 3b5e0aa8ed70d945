using ImageScan.Core.Images;
using ImageScan.Core.Policies.Criteria;

namespace ImageScan.Core.Policies;

/// <summary>All policies there are, read once at the start.</summary>
public sealed class PolicySet
{
    private readonly Dictionary<string, Policy> _byId;

    private PolicySet(IReadOnlyList<Policy> policies)
    {
        All = policies;
        _byId = policies.ToDictionary(policy => policy.Id, StringComparer.Ordinal);
        InForce = [.. policies.Where(policy => !policy.Disabled && policy.IsForBuilds).Select(ReadyPolicy.Of)];
    }

    /// <summary>Every policy in the order of the file, also those that are off or say nothing about builds.</summary>
    public IReadOnlyList<Policy> All { get; }

    /// <summary>Those that images are held against.</summary>
    internal IReadOnlyList<ReadyPolicy> InForce { get; }

    /// <summary>
    /// The policies that the settings ask for. Throws <see cref="SettingException"/> if the file cannot be read, or if a policy that is on says
    /// something about builds that is not understood here: a gate that passes over what it does not know would let through what it was set up
    /// to stop.
    /// </summary>
    public static PolicySet From(PolicySettings settings)
    {
        try
        {
            return Of(settings.Path.Length > 0 ? PolicyFile.Read(BytesOf(settings.Path)) : PolicyFile.ReadBuiltIn(), settings.Choices);
        }
        catch (Exception wrong) when (wrong is (FormatException and not SettingException) or IOException or UnauthorizedAccessException)
        {
            throw new SettingException($"Policies__Path is '{settings.Path}': {HostileText.Plain(wrong.Message.TrimEnd('.'), maxCharacters: 500)}.");
        }
    }

    /// <summary>These policies with what single ones are to do. Throws <see cref="FormatException"/> and <see cref="SettingException"/> as above.</summary>
    internal static PolicySet Of(IReadOnlyList<Policy> policies, IReadOnlyList<PolicyChoice> choices)
    {
        if (policies.FirstOrDefault(policy => policy.Id.Length == 0 || policy.Name.Length == 0) is { } nameless)
        {
            throw new FormatException($"a policy has no id or no name: {nameless.Id}{nameless.Name}");
        }

        string? twice = policies.GroupBy(policy => policy.Id, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key
            ?? policies.GroupBy(policy => policy.Name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1)?.Key;
        return twice is null
            ? new PolicySet([.. choices.Aggregate(policies, Chosen)])
            : throw new FormatException($"two policies are called {twice}");
    }

    /// <summary>A policy by its id; null if there is none.</summary>
    public Policy? Find(string id) => _byId.GetValueOrDefault(id);

    /// <summary>The names of the policies, also of those that are off, that ask for signatures by this integration, in the order of the file.</summary>
    public IReadOnlyList<string> NamingSignatureIntegration(string id) =>
    [
        .. All.Where(policy => policy.PolicySections.SelectMany(section => section.PolicyGroups)
                .Any(group => group.FieldName == KnownCriteria.SignatureVerifiedBy && group.Values.Any(value => value.Value == id)))
            .Select(policy => policy.Name),
    ];

    /// <summary>Those of the categories that no policy in force has, in their order.</summary>
    public IReadOnlyList<string> UnknownOf(IEnumerable<string> categories)
    {
        HashSet<string> known = [.. InForce.SelectMany(ready => ready.Policy.Categories)];
        return [.. categories.Distinct().Where(category => !known.Contains(category))];
    }

    private static IReadOnlyList<Policy> Chosen(IReadOnlyList<Policy> policies, PolicyChoice choice)
    {
        if (choice.Policy.Length == 0)
        {
            return policies;
        }

        bool IsMeant(Policy policy) => policy.Name == choice.Policy || policy.Id == choice.Policy;
        return policies.Any(IsMeant)
            ? [.. policies.Select(policy => IsMeant(policy) ? Chosen(policy, choice.State) : policy)]
            : throw new SettingException($"Policies__Choices has '{choice.Policy}', which is no policy's name or id.");
    }

    private static Policy Chosen(Policy policy, PolicyState state) => policy with
    {
        Disabled = state == PolicyState.Off,
        EnforcementActions =
        [
            .. policy.EnforcementActions.Where(action => action != EnforcementAction.FailBuildEnforcement),
            .. state == PolicyState.Fail ? [EnforcementAction.FailBuildEnforcement] : Array.Empty<EnforcementAction>(),
        ],
    };

    private static byte[] BytesOf(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] bytes = new byte[PolicyFile.MaxBytes + 1];
        int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return length > PolicyFile.MaxBytes ? throw new FormatException($"it is longer than {PolicyFile.MaxBytes} bytes") : bytes[..length];
    }
}
