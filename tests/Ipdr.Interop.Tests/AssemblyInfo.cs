[assembly: AssemblyFixture(typeof(Ipdr.Interop.Tests.Fixtures.ConvertedFixtures))]
