using Microsoft.AspNetCore.Http;

namespace ImageScan.Core.Api.Badges;

/// <summary>Which badge is asked for, and in which form.</summary>
/// <param name="Format"><c>svg</c>, or <c>shields</c> for what an endpoint badge of shields.io reads; an image without it.</param>
/// <param name="Label">What stands on the left, at most 40 characters; <c>vulnerabilities</c> without it.</param>
/// <param name="Sig">The signature of a signed link.</param>
/// <param name="Exp">When a signed link ends, in seconds since 1970; a link without it does not end.</param>
public sealed record GetBadgeRequest(string Format, string Label, string Sig, string Exp)
{
    public const string Shields = "shields";
    private const string Svg = "svg";

    public static GetBadgeRequest Read(IQueryCollection query)
    {
        var parameters = new RequestQuery(query);
        return new GetBadgeRequest(parameters.Text("format"), parameters.Text("label"), parameters.Text("sig"), parameters.Text("exp"));
    }

    /// <summary>Throws <see cref="ApiException"/> with code 3 for a form that there is not.</summary>
    internal void CheckFormat()
    {
        if (Format is not ("" or Svg or Shields))
        {
            throw new ApiException(GrpcCode.InvalidArgument, "format must be svg or shields: invalid arguments");
        }
    }

    /// <summary>Without the signature, which opens the badge.</summary>
    public override string ToString() => $"{nameof(GetBadgeRequest)} {Format}";
}
