using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Scans.Suppression;

/// <summary>
/// Which images a scope means, and which of two scopes counts for one
/// (https://github.com/stackrox/stackrox/blob/4.5.0/central/vulnmgmt/vulnerabilityrequest/cache/cache_impl.go and utils/util.go). StackRox also takes
/// scopes with a wildcard for the registry or the remote alone, and then finds no image by them; here they mean what they say.
/// </summary>
public static class ScopeRules
{
    private const string Any = ExceptionScope.Any;

    /// <summary>
    /// Every scope that means an image of this name, narrowest first: a scope that names the repository comes before one that does not, then
    /// one with the registry, then one with the tag. So of StackRox's three the tag's comes first and that of all images last.
    /// </summary>
    public static IReadOnlyList<ExceptionScope> ScopesOf(ImageReference name) =>
    [
        new(name.Registry, name.Remote, name.Tag),
        new(name.Registry, name.Remote, Any),
        new(Any, name.Remote, name.Tag),
        new(Any, name.Remote, Any),
        new(name.Registry, Any, name.Tag),
        new(name.Registry, Any, Any),
        new(Any, Any, name.Tag),
        ExceptionScope.AllImages,
    ];

    /// <summary>Whether the scope means an image of this name.</summary>
    public static bool Means(this ExceptionScope scope, ImageReference name) =>
        Fits(scope.Registry, name.Registry) && Fits(scope.Remote, name.Remote) && Fits(scope.Tag, name.Tag);

    /// <summary>Whether the scope means every image that the other one does.</summary>
    public static bool Covers(this ExceptionScope scope, ExceptionScope other) =>
        Fits(scope.Registry, other.Registry) && Fits(scope.Remote, other.Remote) && Fits(scope.Tag, other.Tag);

    /// <summary>The scope without the way in which it was said, for comparing.</summary>
    public static ExceptionScope Plain(this ExceptionScope scope) => scope with { IsStatedGlobal = false };

    private static bool Fits(string part, string value) => part == Any || part == value;
}
