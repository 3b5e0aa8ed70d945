namespace ImageScan.Core.Access.Issuers;

/// <summary>An issuer's keys could not be had, so nobody knows whether a token is right.</summary>
public sealed class IssuerUnreachableException(string message) : Exception(message);
