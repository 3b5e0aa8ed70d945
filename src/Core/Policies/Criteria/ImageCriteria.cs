using System.Text.RegularExpressions;

namespace ImageScan.Core.Policies.Criteria;

/// <summary>Criteria about the image as a whole, and about the lines by which it was made.</summary>
internal static partial class ImageCriteria
{
    /// <summary>Stands for whichever integration there is: our own, since a policy that comes with the app can know none by its id.</summary>
    public const string AnyIntegration = "any";

    public static Criterion Registry(PolicyGroup group) => PartOfName(group, "registry", image => image.Registry);

    public static Criterion Remote(PolicyGroup group) => PartOfName(group, "remote", image => image.Remote);

    public static Criterion Tag(PolicyGroup group) => PartOfName(group, "tag", image => image.Tag);

    public static Criterion User(PolicyGroup group) => Text(group, image => image.Config?.User, ViolationTexts.OfUser);

    public static Criterion OperatingSystem(PolicyGroup group) => Text(group, image => image.Scan?.OperatingSystem, ViolationTexts.OfSystem);

    public static Criterion Age(PolicyGroup group) => Days(group, image => image.Config?.Created, ViolationTexts.OfAge);

    public static Criterion ScanAge(PolicyGroup group) => Days(group, image => image.Scan?.ScannedAt, ViolationTexts.OfScanAge);

    /// <summary>What a scan says of its own gaps, by the names of <c>storage.ImageScan.Note</c>: our own.</summary>
    public static Criterion ScanNote(PolicyGroup group)
    {
        Func<string, bool> fits = group.TextTest();
        return new ImageCriterion((image, _) => [.. (image.Scan?.Notes ?? []).Where(fits).Select(ViolationTexts.OfScanNote)]);
    }

    public static Criterion Unscanned(PolicyGroup group)
    {
        bool wanted = group.Truth();
        return new ImageCriterion((image, _) => image.Scan is null == wanted ? [ViolationTexts.OfScan(image.Scan is not null)] : []);
    }

    /// <summary><c>INSTRUCTION=value</c>, the value a pattern.</summary>
    public static Criterion Line(PolicyGroup group)
    {
        Func<(string, string), bool> fits = group.PairTest();
        return new LineCriterion(line => fits(line));
    }

    /// <summary>
    /// The ids of integrations, one of which must have verified a signature, or each. An image violates it if that is not so
    /// (https://github.com/stackrox/stackrox/blob/4.5.0/pkg/booleanpolicy/augmentedobjs/construct.go).
    /// </summary>
    public static Criterion VerifiedBy(PolicyGroup group)
    {
        string[] ids = [.. group.Values.Select(value => value.Value)];
        if (ids.Contains(AnyIntegration))
        {
            return ids.Length > 1
                ? throw new FormatException($"{AnyIntegration} stands alone")
                : new ImageCriterion((image, _) =>
                    image.HasSignatureIntegrations && image.VerifiedBy.Count == 0 ? ViolationTexts.OfSignature(image.VerifiedBy) : []);
        }

        if (ids.FirstOrDefault(id => !IntegrationId().IsMatch(id)) is { } wrong)
        {
            throw new FormatException($"{wrong} is neither {AnyIntegration} nor an integration's id");
        }

        Func<IReadOnlyList<string>, bool> isVerified = group.Test<IReadOnlyList<string>>(id => verifiers => verifiers.Contains(id));
        return new ImageCriterion((image, _) => isVerified(image.VerifiedBy) ? [] : ViolationTexts.OfSignature(image.VerifiedBy));
    }

    /// <summary><c>key=value</c>, both patterns, that a label must fit; of several values one that no label fits is enough, with AND none may fit.</summary>
    public static Criterion RequiredLabel(PolicyGroup group)
    {
        Func<IReadOnlyDictionary<string, string>, bool> lacks = group.Test<IReadOnlyDictionary<string, string>>(value =>
        {
            Func<(string, string), bool> fits = OneLabel(value);
            return labels => !labels.Any(label => fits((label.Key, label.Value)));
        });
        return new ImageCriterion((image, _) =>
            image.Config is { } config && lacks(config.Labels) ? [ViolationTexts.OfMissingLabel(config.Labels)] : []);
    }

    /// <summary><c>key=value</c>, both patterns, that no label may fit.</summary>
    public static Criterion DisallowedLabel(PolicyGroup group)
    {
        Func<(string, string), bool>[] each = [.. group.Values.Select(value => OneLabel(value.Value))];
        return new ImageCriterion((image, _) =>
        {
            KeyValuePair<string, string>[] found = [.. (image.Config?.Labels ?? new Dictionary<string, string>())
                .Where(label => each.Any(fits => fits((label.Key, label.Value))))];
            bool isViolated = group.BooleanOperator == BooleanOperator.And
                ? each.All(fits => found.Any(label => fits((label.Key, label.Value))))
                : found.Length > 0;
            return isViolated ? [ViolationTexts.OfLabels(found)] : [];
        });
    }

    private static Func<(string Left, string Right), bool> OneLabel(string value) =>
        new PolicyGroup { Values = [new PolicyValue { Value = value }] }.PairTest();

    private static ImageCriterion PartOfName(PolicyGroup group, string part, Func<JudgedImage, string> of)
    {
        Func<string, bool> fits = group.TextTest();
        return new ImageCriterion((image, _) => image.FullName.Length > 0 && fits(of(image)) ? [$"{part} '{of(image)}'"] : []) { IsPartOfSentence = true };
    }

    private static ImageCriterion Text(PolicyGroup group, Func<JudgedImage, string?> of, Func<string, string> textOf)
    {
        Func<string, bool> fits = group.TextTest();
        return new ImageCriterion((image, _) => of(image) is { } text && fits(text) ? [textOf(text)] : []);
    }

    private static ImageCriterion Days(PolicyGroup group, Func<JudgedImage, DateTimeOffset?> of, Func<DateTimeOffset, string> textOf)
    {
        TimeSpan days = group.Days();
        return new ImageCriterion((image, now) => of(image) is { } moment && moment < now - days ? [textOf(moment)] : []);
    }

    [GeneratedRegex(
        @"\Aio\.stackrox\.signatureintegration\.[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\z",
        RegexOptions.NonBacktracking)]
    private static partial Regex IntegrationId();
}
