using CsCheck;
using ImageScan.Core.Policies;
using static ImageScan.Core.Tests.Policies.Judged;

namespace ImageScan.Core.Tests.Policies;

public sealed class PolicyJudgePropertyTests
{
    private static readonly PolicySet All = PolicySet.Of(
        [.. PolicySet.From(new PolicySettings()).All.Select(policy => policy with { Disabled = false })], []);

    private static readonly Gen<JudgedVulnerability> Vulnerabilities =
        from cve in OneOf("CVE-2021-44228", "CVE-2022-22965", "CVE-2024-1", "GHSA-x\n")
        from cvss in Gen.Float[0, 10]
        from severity in Gen.Enum<JudgedSeverity>()
        from fix in OneOf("", "1.2", "'\t")
        select Vulnerability(cve, cvss, severity, fix);

    private static readonly Gen<JudgedComponent> Components =
        from name in Gen.OneOf(OneOf("curl", "dpkg", "rpm", "wget", "apk-tools"), Gen.String[0, 8])
        from version in Gen.String[0, 8]
        from license in OneOf("", "MIT", "AGPL-3.0-only", "MIT OR AGPL-3.0-only")
        from vulnerabilities in Vulnerabilities.Array[0, 4]
        select Component(name, version, vulnerabilities) with { Licenses = [license] };

    private static readonly Gen<JudgedImage> Images =
        from tag in Gen.OneOf(OneOf("latest", "LATEST", "1"), Gen.String[0, 8])
        from user in OneOf("root", "0", "0:0", "1000", "")
        from days in Gen.Int[0, 200]
        from line in Gen.Select(OneOf("EXPOSE", "RUN", ""), Gen.OneOf(OneOf("22", "2222/tcp"), Gen.String[0, 60]))
        from components in Components.Array[0, 6]
        from isScanned in Gen.Bool
        select Clean with
        {
            Tag = tag,
            Config = Clean.Config! with { User = user, Created = Now.AddDays(-days), Lines = [line] },
            Scan = isScanned ? Clean.Scan! with { Components = components } : null,
        };

    [Fact]
    public void AsksNotInWhichOrderComponentsCome() => Images.Sample(image => Assert.Equal(
        Texts(image), Texts(image with { Scan = image.Scan is { } scan ? scan with { Components = [.. scan.Components.Reverse()] } : null })));

    [Fact]
    public void FindsNoMoreInLess() => Images.Sample(image =>
    {
        JudgedImage less = image with
        {
            Scan = image.Scan is { } scan
                ? scan with { Components = [.. scan.Components.Skip(1).Select(component => component with { Vulnerabilities = [.. component.Vulnerabilities.Skip(1)] })] }
                : null,
        };

        Assert.Subset(Texts(image).ToHashSet(), Texts(less).ToHashSet());
    });

    [Fact]
    public void GivesEachAlertToTheCategoriesOfItsPolicy() => Images.Sample(image =>
    {
        IReadOnlyList<PolicyViolations> all = PolicyJudge.Judge(image, All, [], Now);
        foreach (string category in All.All.SelectMany(policy => policy.Categories).Distinct())
        {
            Assert.Equal(
                all.Where(violated => violated.Policy.Categories.Contains(category)).Select(violated => violated.Policy.Name),
                PolicyJudge.Judge(image, All, [category], Now).Select(violated => violated.Policy.Name));
        }
    });

    [Fact]
    public void TakesOneOfACriterionAndItsOpposite() => Gen.Select(Images, OneOf("latest", "l.*", "[0-9]+", ".*")).Sample((image, pattern) =>
    {
        PolicyGroup group = Group("Image Tag", pattern);

        Assert.NotEqual(MessagesOf(image, Policy(group)).Count == 0, MessagesOf(image, Policy(group with { Negate = true })).Count == 0);
    });

    [Fact]
    public void SaysEachThingOnceAndInOrder() => Images.Sample(image => Assert.All(PolicyJudge.Judge(image, All, [], Now), violated =>
    {
        Assert.NotEmpty(violated.Messages);
        Assert.Equal(violated.Messages.Distinct().Order(StringComparer.Ordinal), violated.Messages);
    }));

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string[] Texts(JudgedImage image) =>
        [.. PolicyJudge.Judge(image, All, [], Now).SelectMany(violated => violated.Messages.Select(message => $"{violated.Policy.Name}: {message}"))];
}
