namespace Ipdr.Interop.Tests.Fixtures;

/// <summary>Each good fixture by name, as test data.</summary>
public sealed class GoodFixtures : TheoryData<string>
{
    public GoodFixtures()
        : base(FixtureCatalogue.Good.Select(fixture => fixture.Name))
    {
    }
}
