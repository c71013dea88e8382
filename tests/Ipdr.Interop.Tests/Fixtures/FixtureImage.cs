namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>An image of a fixture as its <c>manifest.json</c> tells it.</summary>
internal sealed record FixtureImage(string ImageId, IReadOnlyList<string>? DiffIds, IReadOnlyList<string>? NormalizedTags);
