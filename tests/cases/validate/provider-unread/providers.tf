# The configuration `dr` stands in a file that does not parse; of `nope` nothing is there at all.
provider "aws" {
  alias  = "dr"
  region =
}
