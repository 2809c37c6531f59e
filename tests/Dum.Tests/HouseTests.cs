using Xunit;

namespace Dum.Tests;

public class HouseTests
{
    [Fact]
    public void An_error_is_bad_input_unless_it_says_otherwise() =>
        Assert.Equal(2, new DumException("the file is torn: fold it again").ExitCode);
}
